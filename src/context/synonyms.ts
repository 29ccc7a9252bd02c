import { stemOf } from "../models/words.ts";

/**
 * Words that people at work use for one another. A question in one wording must find a document in the
 * other, and the small encoder does not see them all as near. One group a line; phrases are written whole.
 */
const GROUPS = `
vacation | holiday | annual leave | time off | pto
ill | sick | unwell | illness
doctor | physician | medical certificate
salary | pay | wage | compensation | remuneration
payday | pay day | salaries are paid
raise | pay increase | salary increase
bonus | variable pay | incentive
pension | retirement | superannuation
dismissed | fired | dismissal | termination | terminated
quit | resign | resignation | notice
reprimand | warning | disciplinary
maternity | paternity | parental | birth
baby | child | newborn
kid | child | children
spouse | husband | wife | partner | family
gym | fitness | sport | sports club
training | course | learning | education | seminar
newcomer | new colleague | new starter | new hire | onboarding
coworker | colleague | teammate
boss | manager | supervisor | superior
ceo | chief executive
cfo | head of finance | chief financial officer
hr | people team | human resources | personnel
employee | staff | colleague
laptop | computer | notebook | device
cellphone | phone | mobile | smartphone
telephone | phone
login | sign-in | log in | sign in | signing in
mfa | second factor | two-factor | 2fa | authenticator
pin | password | passcode
wifi | wi-fi | wireless | network
helpdesk | it support | ticket | service desk
broken | damaged | faulty | defective | fault
stolen | theft | lost
breach | incident
phishing | strange link | fraud
journalist | press | reporter | media
supplier | vendor
purchase | order | buy | procurement
bill | invoice
payable | to be paid | owed
reimbursed | reimbursement | paid back | refund | expenses
receipt | proof of payment
diem | per diem | daily allowance | allowance
mileage | per kilometre | per mile | kilometre
flight | plane | fly | airline
train | rail | railway
cab | taxi
accommodation | hotel | lodging
trip | travel | journey | business trip
dinner | meal | lunch
present | gift
shut | closed | closing
xmas | christmas | december
wfh | work from home | working from home | remote
telework | remote | home office
abroad | another country | foreign country | overseas
hours | working time | working hours
overtime | extra hours
conference room | meeting room
attendee | participant | guest
evacuation | assembly point | alarm
guarantee | warranty
send back | return | returning
customer | client
discount | rebate | price reduction
price | cost | list price
brightness | lumens | light output
delivery | shipping | lead time
permission | approval | approve | authorisation | sign off
forbidden | not allowed | prohibited
deadline | due | at the latest
spare part | replacement
`;

const MAX_ALTERNATIVES = 6;

const keyOf = (word: string) =>
  word
    .split(/[\s-]+/)
    .map(stemOf)
    .join(" ");
const alternatives = new Map<string, Set<string>>();
for (const line of GROUPS.trim().split("\n")) {
  const group = line.split("|").map((one) => one.trim());
  for (const one of group) {
    const others = alternatives.get(keyOf(one)) ?? new Set<string>();
    for (const other of group) if (other !== one) others.add(other);
    alternatives.set(keyOf(one), others);
  }
}

/** Other words for a word of a question, in no order of merit; none for most words. */
export function alternativesOf(word: string): readonly string[] {
  return [...(alternatives.get(keyOf(word)) ?? [])].slice(0, MAX_ALTERNATIVES);
}
