import { stemOf } from "./words.ts";

/**
 * Words that people at work use for one another. A question in one wording must find a document in the
 * other, and the small encoder does not see them all as near. One group a line; phrases are written whole.
 */
const GROUPS = `
vacation | holiday | annual leave | time off | pto
ill | sick | unwell | illness
doctor | physician | medical certificate
salary | pay | paid | wage | compensation | remuneration | money
payday | pay day | salaries are paid
payroll | salary | salaries | people team
pay range | pay band | salary band
range | band | grade | from
raise | pay increase | salary increase
bonus | variable pay | incentive
pension | retirement | superannuation
dismissed | fired | dismissal | termination | terminated
quit | resign | resignation | notice
reprimand | warning | disciplinary
maternity | paternity | parental | birth
baby | child | newborn
kid | child | children | daughter | son
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
pc | laptop | computer
gear | equipment | hardware
screen | monitor | display
glasses | spectacles | eye test
visitor | guest
hack | hacked | incident | phishing
virus | malware | incident
cellphone | phone | mobile | smartphone | device
telephone | phone | call
login | sign-in | log in | sign in | signing in
mfa | second factor | two-factor | 2fa | authenticator
pin | password | passcode
wifi | wi-fi | wireless | network
helpdesk | it support | ticket | service desk
broken | break | damaged | damage | faulty | defective | fault
fix | fixed | repair | repaired | mend | replace
lose | lost | loss | stolen | theft | missing
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
dinner | meal | lunch | breakfast
restaurant | meal
present | gift
tip | tips | gratuity
shut | closed | closing
xmas | christmas | december
wfh | work from home | working from home | remote
telework | remote | home office
abroad | another country | foreign country | overseas
hours | working time | working hours
overtime | extra hours
conference room | meeting room
fit | seat | seats | capacity
parking | car park
attendee | participant | guest
evacuation | evacuate | assembly point | alarm
gather | assemble | assembly point | meet
fire | alarm | extinguisher
emergency | alarm | first aid
hurt | injured | injury | burnt | burn | burned | accident | wounded
guarantee | warranty
send back | return | returning
customer | client
discount | rebate | price reduction
price | cost | list price
cancel | cancellation | call off
refund | money back
brightness | lumens | light output
delivery | shipping | lead time
permission | approval | approve | authorisation | sign off
forbidden | not allowed | prohibited
allowed | permitted | possible | may
commute | commuting | public transport | season ticket
bus | public transport
subway | public transport
union | works council
fired | dismissal
reference | reference letter
probation | trial period
clothes | clothing | dress | wear
key | keys | badge
post | mail | parcel
coffee | kitchen | catering
snacks | catering
food | catering | meal
social media | press | media
logo | brand
font | typeface
colour | color | colours
deadline | due | at the latest
leave | annual leave | vacation | holiday
raise | rise | raises | rises | pay increase
membership | club | subscription
eat | meal | meals | lunch | dinner
client | customer | customers
factory | workshop | industrial
guarantee | warranty | guaranteed
signs | sign | approve | approves | signature
supplier | suppliers | vendor | vendors
borrow | lend | use | used
nicked | stolen | theft | lost
weekend | saturday | sunday
start | begin | beginning
quit | leave | leaving | notice
switch off | messages
earn | salary | pay | paid
claim | claimed | reimburse | reimbursed | expense | expenses
expense | reimburse | reimbursement | claim | refund
parent | parental | maternity | paternity
terminate | termination | notice
hospitality | gift | present
car | vehicle | driving
passphrase | password
bike | bicycle | cycle | cycling
development | training | learning
air | flight
subsistence | meal
spare part | replacement
`;

/** One way only: what is asked for by its own name may stand in a document under the name of its kind. */
const KINDS = `
keyboard, mouse, headset, charger, cable, printer, tablet, webcam, docking station > equipment | device
monitor, chair, desk > equipment | workplace
iphone, android, handset > phone | device
macbook, thinkpad > laptop | computer
spain, france, italy, portugal, austria, poland, greece, netherlands, belgium, denmark, sweden, ireland, croatia, czechia, hungary, finland > european union | another country | abroad
usa, america, canada, japan, china, india, australia, brazil, turkey, switzerland, norway > outside europe | other countries | abroad
flu, cold, fever, migraine, headache, covid > sick | illness
burnt, cut, fell, bleeding > accident | first aid
train ticket, ticket > train | trains
uber > taxi
airbnb > private flats | hotel
wine, beer > alcohol
chocolates, flowers > gift | gifts
chatgpt, copilot, gemini, claude, openai > artificial intelligence | ai tools
girlfriend, boyfriend, brother, sister, mother, father, friend > family | private
dog, cat > animal | animals | pet | pets
burglar, intruder > security | incident
gmail, outlook > mail
zoom, skype > video
`;

const MAX_ALTERNATIVES = 8;

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
const kinds = new Map<string, ReadonlySet<string>>();
for (const line of KINDS.trim().split("\n")) {
  const [own = "", named = ""] = line.split(">");
  const them = new Set(named.split("|").map((kind) => kind.trim()));
  for (const one of own.split(",")) {
    const others = alternatives.get(keyOf(one.trim())) ?? new Set<string>();
    for (const kind of them) others.add(kind);
    alternatives.set(keyOf(one.trim()), others);
    kinds.set(keyOf(one.trim()), them);
  }
}

/** Whether the other word only names what kind of thing the word is ("device" for "keyboard"): a weaker sign. */
export const isKindOf = (word: string, other: string): boolean => kinds.get(keyOf(word))?.has(other) === true;

/** Other words for a word of a question, in no order of merit; none for most words. */
export function alternativesOf(word: string): readonly string[] {
  return [...(alternatives.get(keyOf(word)) ?? [])].slice(0, MAX_ALTERNATIVES);
}

/** All words and phrases that have others. */
export const wordsWithSynonyms = (): readonly string[] =>
  GROUPS.split("\n").flatMap((line) => line.split("|").map((one) => one.trim()));
