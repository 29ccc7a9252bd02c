import type { Json } from "../../src/types/json.ts";

/** One way of saying something, and what it must become. `null`: no call at all. `"?"` asks back for that tool. */
export type Paraphrase = {
  readonly text: string;
  readonly tool: string | null;
  readonly args: Readonly<Record<string, Json>>;
};

/** What was said => tool {arguments that must be so}. None of these is an example of a manifest. */
const LINES = `
what's up on friday for me => calendar.listEvents {"day":"2026-03-20"}
anything in my diary on 2 april? => calendar.listEvents {"day":"2026-04-02"}
could you show me what carla has on today => calendar.listEvents {"day":"2026-03-16","person":"carla.rossi@oakfield.example"}
what does my week look like => calendar.listEvents {}
do I have something on wednesday morning => calendar.listEvents {"from":"2026-03-18T08:00:00+01:00","to":"2026-03-18T12:00:00+01:00"}
what appointments has Oskar got tomorrow => calendar.listEvents {"day":"2026-03-17","person":"oskar.lind@oakfield.example"}
Show the calendar of Lucia Ferrari for next week => calendar.listEvents {"person":"lucia.ferrari@oakfield.example","from":"2026-03-23T00:00:00+01:00"}
my meetings next monday please => calendar.listEvents {"day":"2026-03-23"}
what is on the schedule for the day after tomorrow => calendar.listEvents {"day":"2026-03-18"}
is maya busy this afternoon => calendar.listEvents {"person":"maya.patel@oakfield.example","from":"2026-03-16T12:00:00+01:00"}
when's my next appointment => calendar.listEvents {}
which meetings do I have between monday and wednesday next week => calendar.listEvents {}
list everything on my calendar for 27 march => calendar.listEvents {"day":"2026-03-27"}
have I got any calls today => calendar.listEvents {"day":"2026-03-16"}
what's june doing on thursday => calendar.listEvents {"day":"2026-03-19"}
see the agenda of the head of finance for tomorrow => calendar.listEvents {"person":"lucia.ferrari@oakfield.example","day":"2026-03-17"}
how full is my thursday => calendar.listEvents {"day":"2026-03-19"}
at what time is the planning workshop => calendar.listEvents {}
what did I have yesterday => calendar.listEvents {"day":"2026-03-15"}
tell me my appointments for the rest of the week => calendar.listEvents {}
when are maya and I both available => calendar.findFreeTime {"attendees":["maya.patel@oakfield.example"]}
find an hour with Carla Rossi on Thursday => calendar.findFreeTime {"attendees":["carla.rossi@oakfield.example"],"day":"2026-03-19","durationMinutes":60}
is there a gap for oskar, lucia and me tomorrow afternoon => calendar.findFreeTime {"attendees":["oskar.lind@oakfield.example","lucia.ferrari@oakfield.example"]}
when could we all get together, me, Maya and Ingrid => calendar.findFreeTime {"attendees":["maya.patel@oakfield.example","ingrid.holm@oakfield.example"]}
suggest a slot of 45 minutes with the head of finance next week => calendar.findFreeTime {"attendees":["lucia.ferrari@oakfield.example"],"durationMinutes":45}
at what times is everyone free, Carla, Maya and me, on Friday => calendar.findFreeTime {"day":"2026-03-20"}
free slots with Ingrid this week => calendar.findFreeTime {"attendees":["ingrid.holm@oakfield.example"]}
look for half an hour when Oskar and I can talk => calendar.findFreeTime {"attendees":["oskar.lind@oakfield.example"],"durationMinutes":30}
what times would suit both lucia and me on wednesday => calendar.findFreeTime {"attendees":["lucia.ferrari@oakfield.example"],"day":"2026-03-18"}
check when carla has time for me tomorrow => calendar.findFreeTime {"attendees":["carla.rossi@oakfield.example"]}
find a common time for Maya, Oskar and myself => calendar.findFreeTime {"attendees":["maya.patel@oakfield.example","oskar.lind@oakfield.example"]}
when do my manager and I have a free hour => calendar.findFreeTime {"attendees":["carla.rossi@oakfield.example"],"durationMinutes":60}
book a meeting with Carla tomorrow at 3 => calendar.createEvent {"attendees":["carla.rossi@oakfield.example"],"start":"2026-03-17T15:00:00+01:00"}
schedule an hour with maya and oskar on friday at half past ten => calendar.createEvent {"attendees":["maya.patel@oakfield.example","oskar.lind@oakfield.example"],"start":"2026-03-20T10:30:00+01:00","durationMinutes":60}
please set up a call with the head of finance on Thursday at 11 => calendar.createEvent {"attendees":["lucia.ferrari@oakfield.example"],"start":"2026-03-19T11:00:00+01:00"}
plan a review of the offer with Maya for wednesday 14:00 => calendar.createEvent {"attendees":["maya.patel@oakfield.example"],"start":"2026-03-18T14:00:00+01:00"}
can you put lunch with Ingrid in for tomorrow at noon => calendar.createEvent {"attendees":["ingrid.holm@oakfield.example"],"start":"2026-03-17T12:00:00+01:00"}
block friday from 9 to 12 for writing => calendar.createEvent {"start":"2026-03-20T09:00:00+01:00","end":"2026-03-20T12:00:00+01:00"}
arrange a meeting with j.doe@client.example tomorrow at quarter past two => calendar.createEvent {"attendees":["j.doe@client.example"],"start":"2026-03-17T14:15:00+01:00"}
I'd like to meet Oskar on Thursday at 4pm for 20 minutes => calendar.createEvent {"attendees":["oskar.lind@oakfield.example"],"start":"2026-03-19T16:00:00+01:00","durationMinutes":20}
create an appointment called "Roadmap talk" on 24 March at 10 => calendar.createEvent {"title":"Roadmap talk","start":"2026-03-24T10:00:00+01:00"}
reserve an hour for me on tuesday at 8:30 to prepare the pitch => calendar.createEvent {"start":"2026-03-17T08:30:00+01:00","durationMinutes":60}
get a meeting with June Walker into the calendar for tomorrow, 9 am => calendar.createEvent {"attendees":["june.walker@oakfield.example"],"start":"2026-03-17T09:00:00+01:00"}
invite Carla and Lucia to a budget talk on Friday at two => calendar.createEvent {"attendees":["carla.rossi@oakfield.example","lucia.ferrari@oakfield.example"],"start":"2026-03-20T14:00:00+01:00"}
make a 30 minute appointment with my boss for wednesday at ten => calendar.createEvent {"attendees":["carla.rossi@oakfield.example"],"start":"2026-03-18T10:00:00+01:00","durationMinutes":30}
organise a weekly sync with Maya, thursdays at 9 => calendar.createEvent {"attendees":["maya.patel@oakfield.example"],"repeats":"weekly"}
book me in with Lucia on 30 March from 10 to 11:30 => calendar.createEvent {"start":"2026-03-30T10:00:00+02:00","end":"2026-03-30T11:30:00+02:00"}
add a dentist visit to my calendar, thursday 5 pm => calendar.createEvent {"start":"2026-03-19T17:00:00+01:00"}
set a meeting about the trade fair with Carla for tomorrow 13:30 => calendar.createEvent {"title":"Trade fair","start":"2026-03-17T13:30:00+01:00"}
meeting with Maya tomorrow 10am please => calendar.createEvent {"attendees":["maya.patel@oakfield.example"],"start":"2026-03-17T10:00:00+01:00"}
schedule some time with Oskar => ?calendar.createEvent {}
book a meeting with Ben tomorrow at 10 => ?calendar.createEvent {}
book a call with Maya on 31 June at 9 => ?calendar.createEvent {}
set up a meeting with Lucia on 05/06 at 10 => ?calendar.createEvent {}
arrange a chat with Carla today at 7 am => ?calendar.createEvent {}
move my meeting with Maya to thursday at 2 => calendar.moveEvent {"eventName":"meeting with Maya","start":"2026-03-19T14:00:00+01:00"}
can we shift the budget talk to friday 11am => calendar.moveEvent {"eventName":"budget talk","start":"2026-03-20T11:00:00+01:00"}
reschedule tomorrow's review to 4 pm => calendar.moveEvent {"day":"2026-03-17","start":"16:00"}
please postpone the roadmap talk to next monday => calendar.moveEvent {"eventName":"roadmap talk","start":"2026-03-23"}
push the weekly sync from Tuesday to Wednesday at 9 => calendar.moveEvent {"day":"2026-03-17","start":"2026-03-18T09:00:00+01:00"}
bring the call with Oskar forward to ten => calendar.moveEvent {"eventName":"call with Oskar","start":"10:00"}
I need the lunch with Ingrid half an hour later, move it to 12:30 => calendar.moveEvent {"start":"12:30"}
change the pitch rehearsal to 3pm => calendar.moveEvent {"eventName":"pitch rehearsal","start":"15:00"}
make the budget talk an hour long => calendar.moveEvent {"durationMinutes":60}
delay the planning workshop until Thursday => calendar.moveEvent {"eventName":"planning workshop","start":"2026-03-19"}
could you move friday's interview to 9:30 => calendar.moveEvent {"day":"2026-03-20","start":"09:30"}
the sync with maya should be at 11 instead, reschedule it => calendar.moveEvent {"start":"11:00"}
call off my meeting with Carla => calendar.cancelEvent {"eventName":"meeting with Carla"}
cancel tomorrow's review please => calendar.cancelEvent {"day":"2026-03-17"}
please delete the lunch with Ingrid => calendar.cancelEvent {"eventName":"lunch with Ingrid"}
I don't need the planning workshop any more, remove it => calendar.cancelEvent {"eventName":"planning workshop"}
drop the roadmap talk on friday => calendar.cancelEvent {"eventName":"roadmap talk","day":"2026-03-20"}
can you cancel the call with Oskar this afternoon => calendar.cancelEvent {}
scrap the weekly sync with Maya, the whole series => calendar.cancelEvent {"scope":"series"}
take the budget talk off my calendar => calendar.cancelEvent {"eventName":"budget talk"}
skip thursday's stand-up => calendar.cancelEvent {"day":"2026-03-19"}
cancel my 3 o'clock today => calendar.cancelEvent {"day":"2026-03-16"}
add Oskar to the budget talk => calendar.addAttendee {"attendees":["oskar.lind@oakfield.example"],"eventName":"budget talk"}
invite Maya to tomorrow's review as well => calendar.addAttendee {"attendees":["maya.patel@oakfield.example"],"day":"2026-03-17"}
please include the head of finance in the planning workshop => calendar.addAttendee {"attendees":["lucia.ferrari@oakfield.example"],"eventName":"planning workshop"}
bring my manager into the roadmap talk => calendar.addAttendee {"attendees":["carla.rossi@oakfield.example"],"eventName":"roadmap talk"}
could you also invite sam@client.example to the pitch rehearsal => calendar.addAttendee {"attendees":["sam@client.example"],"eventName":"pitch rehearsal"}
loop Carla in on the call with Oskar => calendar.addAttendee {}
add June and Lucia to the interview on Thursday => calendar.addAttendee {"attendees":["june.walker@oakfield.example","lucia.ferrari@oakfield.example"],"day":"2026-03-19","eventName":"interview"}
ask Ingrid to join the weekly sync => calendar.addAttendee {"attendees":["ingrid.holm@oakfield.example"],"eventName":"weekly sync"}
tell me about Wernicke Stahl => crm.findAccount {"account":"Wernicke Stahl"}
what do we have on the customer Blue Harbor => crm.findAccount {"account":"Blue Harbor"}
look up Altmann GmbH => crm.findAccount {"account":"Altmann GmbH"}
who is my contact at Delphi Foods => crm.findAccount {"account":"Delphi Foods"}
show the account of Rosenthal & Kern => crm.findAccount {"account":"Rosenthal & Kern"}
can you find the client Polaris Energy => crm.findAccount {"account":"Polaris Energy"}
give me the phone number of the buyer at Wernicke Stahl => crm.findAccount {"account":"Wernicke Stahl"}
what's the latest on Blue Harbor => crm.findAccount {"account":"Blue Harbor"}
open the customer file of Delphi Foods => crm.findAccount {"account":"Delphi Foods"}
which contacts do we know at Altmann => crm.findAccount {"account":"Altmann"}
pull up polaris energy => crm.findAccount {"account":"polaris energy"}
info on Rosenthal & Kern please => crm.findAccount {"account":"Rosenthal & Kern"}
what are my open deals => crm.listDeals {"owner":"viktor.stein@oakfield.example"}
list the opportunities with Blue Harbor => crm.listDeals {"account":"Blue Harbor"}
which deals are in the proposal stage => crm.listDeals {"stage":"proposal"}
show me Carla's deals => crm.listDeals {"owner":"carla.rossi@oakfield.example"}
what deals have we won => crm.listDeals {"stage":"won"}
how much do we have in negotiation => crm.listDeals {"stage":"negotiation"}
my pipeline please => crm.listDeals {}
are there open deals for Polaris Energy => crm.listDeals {"account":"Polaris Energy","stage":"open"}
which opportunities did we lose => crm.listDeals {}
what is Maya working on in sales, list her deals => crm.listDeals {"owner":"maya.patel@oakfield.example"}
all deals of Altmann GmbH => crm.listDeals {"account":"Altmann GmbH"}
what stage is the Delphi Foods deal at => crm.listDeals {"account":"Delphi Foods"}
log a note on Blue Harbor: they want a demo in April => crm.logNote {"account":"Blue Harbor","body":"they want a demo in April"}
note for Polaris Energy: budget approved yesterday => crm.logNote {"account":"Polaris Energy","body":"budget approved yesterday"}
please write down for Altmann GmbH that the new buyer is Eva Brandt => crm.logNote {"account":"Altmann GmbH","body":"the new buyer is Eva Brandt"}
add a note to the Delphi Foods account saying they prefer e-mail => crm.logNote {"account":"Delphi Foods","body":"they prefer e-mail"}
record on Wernicke Stahl: visit at 10 on Friday went fine, order follows => crm.logNote {"account":"Wernicke Stahl","body":"visit at 10 on Friday went fine, order follows"}
make a note that Rosenthal & Kern asked for a discount of 5% => crm.logNote {"account":"Rosenthal & Kern","body":"Rosenthal & Kern asked for a discount of 5%"}
jot down for Blue Harbor - they call back on Monday => crm.logNote {"account":"Blue Harbor","body":"they call back on Monday"}
save a comment under Polaris Energy: contract goes to legal first => crm.logNote {"account":"Polaris Energy","body":"contract goes to legal first"}
put "sample arrived, all good" in the notes of Altmann GmbH => crm.logNote {"account":"Altmann GmbH","body":"sample arrived, all good"}
log my visit at Delphi Foods: met the plant manager => crm.logNote {"account":"Delphi Foods","body":"met the plant manager"}
log a note on Blue Harbor => ?crm.logNote {}
change the Blue Harbor deal to 48,000 euros => crm.updateDeal {"account":"Blue Harbor","amountMinor":4800000}
set the Polaris renewal to €52.500 => crm.updateDeal {"account":"Polaris","dealName":"renewal","amountMinor":5250000}
raise the deal with Altmann GmbH to 75k => crm.updateDeal {"account":"Altmann GmbH","amountMinor":7500000}
move the Delphi Foods deal to proposal => crm.updateDeal {"account":"Delphi Foods","stage":"proposal"}
mark the Wernicke Stahl opportunity as lost => crm.updateDeal {"account":"Wernicke Stahl","stage":"lost"}
we won the Blue Harbor deal => crm.updateDeal {"account":"Blue Harbor","stage":"won"}
update the Polaris Energy deal, it is in negotiation now => crm.updateDeal {"account":"Polaris Energy","stage":"negotiation"}
lower the amount of the Altmann deal to 31,250.50 EUR => crm.updateDeal {"account":"Altmann","amountMinor":3125050}
put the deal "Line 4" of Delphi Foods at 120 thousand => crm.updateDeal {"dealName":"Line 4","account":"Delphi Foods","amountMinor":12000000}
reduce the Rosenthal & Kern deal to 9,900 pounds => crm.updateDeal {"account":"Rosenthal & Kern","amountMinor":990000,"currency":"GBP"}
set the closing date of the Blue Harbor deal to 30 April => crm.updateDeal {"account":"Blue Harbor","closeOn":"2026-04-30"}
the Altmann deal is qualified now => crm.updateDeal {"account":"Altmann","stage":"qualified"}
increase the value of the Polaris Energy deal to 1.2m => crm.updateDeal {"account":"Polaris Energy","amountMinor":120000000}
raise the Blue Harbor deal by 10% => ?crm.updateDeal {}
who is Oskar Lind => people.find {"person":"oskar.lind@oakfield.example"}
what's the mail address of June => people.find {}
who leads finance => people.find {}
whom does Maya report to => people.find {"relation":"manager"}
who is in the sales team => people.find {}
which colleagues work in IT => people.find {}
who is our people partner => people.find {}
find the contact details of Lucia Ferrari => people.find {"person":"lucia.ferrari@oakfield.example"}
who's my line manager => people.find {}
what is Ben Moreau's job title => people.find {"person":"ben.moreau@oakfield.example"}
is there an accountant here => people.find {}
which invoices haven't been paid yet => invoice.list {}
show overdue bills => invoice.list {"status":"overdue"}
list all the invoices we have settled => invoice.list {"status":"paid"}
what do we owe at the moment => invoice.list {}
invoices from Brandt Logistik please => invoice.list {"vendor":"Brandt Logistik"}
pay invoice BL-4471 => invoice.pay {"invoiceName":"BL-4471"}
settle the bill of Brandt Logistik => invoice.pay {"invoiceName":"Brandt Logistik"}
what's the weather going to be tomorrow => null {}
tell me a story => null {}
can you book me a flight to Madrid => null {}
play some jazz => null {}
how tall is the eiffel tower => null {}
translate this sentence into Polish => null {}
what is 12 percent of 80 => null {}
order a pizza for lunch => null {}
how many holidays do I get each year => null {}
what does the travel policy say about taxis => null {}
what must I do if my notebook is stolen => null {}
am I allowed to work from abroad => null {}
who approves business class flights => null {}
how long is the probation period => null {}
can I bring my dog to work => null {}
what are the rules for gifts from customers => null {}
good morning => null {}
thanks a lot => null {}
what are you capable of => null {}
xkcd foo zzz => null {}
pay my phone bill with my credit card => null {}
remind me to buy bread => null {}
who won the football yesterday => null {}
set the thermostat to 21 degrees => null {}
`;

export const PARAPHRASES: readonly (Paraphrase & { readonly isQuestion: boolean })[] = LINES.trim()
  .split("\n")
  .map((line) => {
    const m = /^(.*) => (\??)(\S+) (\{.*\})$/.exec(line);
    if (!m) throw new Error(`Not a paraphrase: ${line}`);
    const [, text = "", ask, tool = "", args = "{}"] = m;
    return {
      text,
      tool: tool === "null" ? null : tool,
      args: JSON.parse(args) as Record<string, Json>,
      isQuestion: ask === "?",
    };
  });

/** Every second line is for tuning, the others only for measuring. */
export const TUNING = PARAPHRASES.filter((_, i) => i % 2 === 0);
export const HELD_OUT = PARAPHRASES.filter((_, i) => i % 2 === 1);
