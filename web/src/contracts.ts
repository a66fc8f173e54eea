// Generated from chalkbell/contracts by `make generate`. Do not edit.

/**
 * An activity as everybody who sees the package sees it.
 *
 * Of a confidential one the name and comment are empty, and type and module are null. `category` is that of its type.
 */
export interface Activity {
  id: string;
  version: number;
  name: string;
  type: string | null;
  category: string;
  measure: Measure;
  /** Hours of work; fractions are allowed. */
  amount: number;
  /** The package's own, none twice. */
  periods: number[];
  person: string | null;
  module: string | null;
  comment: string;
  confidential: boolean;
}

/** An activity is new or has changed. Of a confidential one it says no name. */
export interface ActivityChanged {
  package: string;
  activity: Activity;
}

/**
 * Work that is no module: given to a person or to nobody yet, split evenly over its periods.
 *
 * A confidential one counts like any other, but only the person and the package's managers see its name, type, module and comment.
 */
export interface ActivityDetails {
  name: string;
  type: string;
  measure?: Measure;
  /** Hours of work; fractions are allowed. */
  amount: number;
  /** The package's own, none twice. */
  periods: number[];
  person?: string | null;
  module?: string | null;
  comment?: string;
  confidential?: boolean;
}

/** An activity with nothing hidden. `category` is that of its type. */
export interface ActivityInFull {
  name: string;
  type: string;
  measure: Measure;
  /** Hours of work; fractions are allowed. */
  amount: number;
  /** The package's own, none twice. */
  periods: number[];
  person: string | null;
  module: string | null;
  comment: string;
  confidential: boolean;
  id: string;
  version: number;
  category: string;
}

/** An activity is no more. */
export interface ActivityRemoved {
  package: string;
  id: string;
}

/** An activity type of a package. */
export interface ActivityType {
  name: string;
  category: string;
  id: string;
  version: number;
}

/** An activity type is new or has changed. With another category its activities have changed too: their events follow. */
export interface ActivityTypeChanged {
  package: string;
  activity_type: ActivityType;
}

/** A kind of activity, in a category. */
export interface ActivityTypeDetails {
  name: string;
  category: string;
}

/** An activity type is no more. */
export interface ActivityTypeRemoved {
  package: string;
  id: string;
}

/** Put things under quality assurance: all of the list or, if one is refused, none. For managers of the package. */
export interface AddAssessments {
  request_id?: string | null;
  package: string;
  assessments: NewAssessment[];
}

/**
 * Add a definition from its YAML text, or a new version of the one with the same name.
 *
 * For managers of the package that is to own it; shared ones for administrators. Refused with `bad_definition` and the line and
 * field of each problem: unknown fields, no state to start in, successors that do not exist, unknown actors. The same text as the
 * newest version's answers that version and adds none.
 */
export interface AddDefinition {
  request_id?: string | null;
  text: string;
  package?: string | null;
}

/** Add a group, with its first members if there are any yet. The id never changes. */
export interface AddGroup {
  request_id?: string | null;
  /** A new id: a letter, then letters, digits and inner hyphens, at most 48. It never changes. */
  id: string;
  name: string;
  members?: string[];
}

/**
 * Begin a package, with the category `teaching` and nothing else in it.
 *
 * Its id is the scope of its stream for ever. `definitions`, and ids that begin with `examiner-`, are kept for streams of the workflow.
 */
export interface AddPackage {
  request_id?: string | null;
  package: string;
  values: PackageDetails;
}

/**
 * Add somebody. They can sign in once they have a password (`person.set_password`) or a token.
 *
 * The id never changes and is refused if it looks like one of the system's own, such as `operator`.
 */
export interface AddPerson {
  request_id?: string | null;
  /** A new id: a letter, then letters, digits and inner hyphens, at most 48. It never changes. */
  id: string;
  name: string;
  email: string;
  kind?: PersonKind;
  administrator?: boolean;
}

/**
 * Make a room. For internal staff and administrators; without `teachers` you are its teacher.
 *
 * `people` and `groups` may come in; with `open` everybody may; with `by_code` an invitation code is made.
 */
export interface AddRoom {
  request_id?: string | null;
  id: string;
  name: string;
  teachers?: string[] | null;
  people?: string[];
  groups?: string[];
  open?: boolean;
  by_code?: boolean;
  /** The wished size of a group. */
  group_size?: number;
  /** Seconds between the press and the switch; 0: at once. */
  countdown?: number;
}

/**
 * Set a task for people and groups. Who is in a group is looked up whenever it matters.
 *
 * For administrators and members of the groups named in the setting `task_setters`; others get `not_allowed`. The
 * caller owns the task; an administrator may name another owner. The deadline is a moment with its offset; `timezone`
 * says in which zone it is written (default: the campus's).
 */
export interface AddTask {
  request_id?: string | null;
  name: string;
  deadline: string;
  description?: string;
  /** An http(s) address, a path on this campus, or nothing. */
  link?: string;
  category?: string;
  timezone?: string | null;
  people?: string[];
  groups?: string[];
  managers?: string[];
  owner?: string | null;
}

/** The assessments that are new. */
export interface Added {
  assessments: Assessment[];
}

/** Say anew who does which share of a module's hours. Over all people each kind has at most 100 %. */
export interface AllocateModule {
  request_id?: string | null;
  package: string;
  id: string;
  seen: number;
  allocations: Allocation[];
}

/** Somebody's shares of a module's contact, admin and assessment hours. Over all people each kind has at most 100 %. */
export interface Allocation {
  /** A person's id, for example ada-stone. */
  person: string;
  /** A percentage, 0 to 100. */
  contact?: number;
  /** A percentage, 0 to 100. */
  admin?: number;
  /** A percentage, 0 to 100. */
  assessment?: number;
}

/**
 * Put a task away: nobody is reminded of it any more and it leaves everybody's list.
 *
 * For its owner, its managers and administrators.
 */
export interface ArchiveTask {
  request_id?: string | null;
  /** A task's id. */
  task: string;
}

/** Archived tasks that were for the caller, latest deadline first. */
export interface ArchivedTasks {
  tasks: MyTask[];
}

/** How this service is: its database, its relay, the followers it has on others. */
export interface AskHealth {
}

/** The names of people whose ids you have. Ids that nobody has are left out. */
export interface AskNames {
  ids: string[];
}

/** One thing under quality assurance, and where it stands. */
export interface Assessment {
  id: string;
  package: string;
  module: string;
  module_code: string;
  module_name: string;
  kind: AssessmentKind;
  title: string;
  /** One version of a definition: `default.1` is shared, `cs-2026.default.1` belongs to package cs-2026. */
  definition: string;
  state: string | null;
  state_title: string;
  ended: boolean;
  since: string;
  version: number;
  sign_offs: number;
  next: Turn[];
}

/** Something came under quality assurance. `names` are those of the people in it. */
export interface AssessmentAdded {
  package: string;
  assessment: Assessment;
  names: Record<string, string>;
}

/**
 * Other people may act next, or the module is called otherwise: the complete new assessment. Its state is the same.
 *
 * Who shows `assessment.read` asks for it anew: what the reader may do, and whose notes they are, may be different too.
 */
export interface AssessmentChanged {
  package: string;
  assessment: Assessment;
  names: Record<string, string>;
}

/** An examiner no longer sees an assessment. */
export interface AssessmentHidden {
  /** The unit of order, replay and rights. */
  scope: string;
  assessment: string;
}

/** What is under quality assurance. */
export type AssessmentKind = "exam" | "coursework" | "resit";

/** An assessment with its history, newest first, and what the reader may do with it now. */
export interface AssessmentRead {
  position: Position;
  /** The unit of order, replay and rights. */
  scope: string;
  assessment: Assessment;
  definition: Definition;
  history: HistoryEntry[];
  may_enter: string[];
  may_act_for: boolean;
  notes_are_yours: boolean;
  you: You;
  names: Record<string, string>;
  members: Record<string, string[]>;
  inactive: string[];
}

/** An assessment without sign-offs was taken away, or its module was. */
export interface AssessmentRemoved {
  package: string;
  assessment: string;
}

/** An examiner may see an assessment from now on, or sees it otherwise than before: complete. */
export interface AssessmentShown {
  /** The unit of order, replay and rights. */
  scope: string;
  examined: Examined;
  names: Record<string, string>;
}

/** People came into or left a group of this package. Nothing in the snapshot changes, but who is in `loads.read` may. */
export interface AudienceChanged {
  package: string;
  /** A group's id, for example cs-staff. */
  group: string;
}

/** Hours of several people together: `average` over all, `average_loaded` over those who have any. */
export interface Average {
  people: number;
  loaded: number;
  total: number;
  average: number;
  average_loaded: number;
}

/** Let everybody listen to `speaker`, a participant; by default you. For teachers. Out of groups it goes by countdown. */
export interface Broadcast {
  request_id?: string | null;
  room: string;
  /** The number of the mode that you saw; it only grows. */
  seen: number;
  speaker?: string | null;
  countdown?: number | null;
}

/** Bring everybody back to what was before the groups, after a countdown; by default the room's. For teachers. */
export interface CallBack {
  request_id?: string | null;
  room: string;
  /** The number of the mode that you saw; it only grows. */
  seen: number;
  countdown?: number | null;
}

/** All people and groups, in the order of their ids. */
export interface Campus {
  position: Position;
  people: Person[];
  groups: Group[];
}

/** Stay in groups, with no end agreed. For teachers. */
export interface CancelCountdown {
  request_id?: string | null;
  room: string;
  /** The number of the mode that you saw; it only grows. */
  seen: number;
}

/** A category of a package. Every package has `teaching` from its start. */
export interface Category {
  name: string;
  abbreviation: string;
  /** For example #2a6f97. */
  colour: string;
  id: string;
  version: number;
}

/** A category is new or has changed. */
export interface CategoryChanged {
  package: string;
  category: Category;
}

/** A kind of work that loads are broken down by. */
export interface CategoryDetails {
  name: string;
  abbreviation?: string;
  /** For example #2a6f97. */
  colour?: string;
}

/** A category is no more. */
export interface CategoryRemoved {
  package: string;
  id: string;
}

/** Give a group another name. */
export interface ChangeGroup {
  request_id?: string | null;
  /** A group's id, for example cs-staff. */
  id: string;
  seen: number;
  name: string;
}

/**
 * Say anew what a package is. Formulas are tried on all its modules, with their students and with none.
 *
 * A closed one is only reopened, by a campus administrator who gives another status.
 */
export interface ChangePackage {
  request_id?: string | null;
  package: string;
  seen: number;
  values: PackageDetails;
}

/** Change one's own password. All browsers have to sign in again, this one too; personal access tokens stay. */
export interface ChangePassword {
  request_id?: null;
  current: string;
  new: string;
}

/** Change somebody; what is left out stays as it is. Who gains or loses the administrator's rights has to join anew. */
export interface ChangePerson {
  request_id?: string | null;
  /** A person's id, for example ada-stone. */
  id: string;
  seen: number;
  name?: string | null;
  email?: string | null;
  kind?: PersonKind | null;
  administrator?: boolean | null;
}

/** Say of what one wants mail; what is left out stays. */
export interface ChangePreferences {
  request_id?: string | null;
  reminder_mail?: boolean | null;
  notice_mail?: boolean | null;
}

/** Change what is given of a room. For its teachers. `seen` is the version you saw; refused with `conflict` when it is older. */
export interface ChangeRoom {
  request_id?: string | null;
  room: string;
  seen: number;
  name?: string | null;
  teachers?: string[] | null;
  open?: boolean | null;
  group_size?: number | null;
  countdown?: number | null;
}

/**
 * Change a task; what is left out stays. For its owner, its managers and administrators.
 *
 * `seen` is the version that was read: refused with `conflict` (and the task as it is) if somebody has changed it since.
 * Only the owner and administrators may change `managers` and `owner`.
 */
export interface ChangeTask {
  request_id?: string | null;
  /** A task's id. */
  task: string;
  seen: number;
  name?: string | null;
  deadline?: string | null;
  description?: string | null;
  link?: string | null;
  category?: string | null;
  timezone?: string | null;
  people?: string[] | null;
  groups?: string[] | null;
  managers?: string[] | null;
  owner?: string | null;
}

/** How somebody was told. `page`: shown on their pages only, for they want no mail of the kind. */
export type Channel = "mail" | "page";

/** Let people and groups into a room, or no longer. For its teachers. Who has lost the right to be there leaves at once. */
export interface ClassroomChangeMembers {
  request_id?: string | null;
  room: string;
  add_people?: string[];
  remove_people?: string[];
  add_groups?: string[];
  remove_groups?: string[];
}

/** A person and how they are called. */
export interface ClassroomNamed {
  /** A person's id, for example ada-stone. */
  id: string;
  name: string;
}

/** The campus's time. */
export interface Clock {
  now: string;
}

/** Mark a task as done, for oneself, or for `person` by the task's owner, its managers and administrators. */
export interface CompleteTask {
  request_id?: string | null;
  /** A task's id. */
  task: string;
  person?: string | null;
  comment?: string;
}

/** That somebody has done a task: when it was marked, by whom (oneself, or who certified it), and what they said. */
export interface Completion {
  at: string;
  /** A person's id, for example ada-stone. */
  by: string;
  comment: string;
}

/** A task is open again for this person. */
export interface CompletionTakenBack {
  /** A person's id, for example ada-stone. */
  person: string;
  /** A task's id. */
  task: string;
}

/** One version of a named graph of states. It never changes: an edit is a new version. */
export interface Definition {
  /** One version of a definition: `default.1` is shared, `cs-2026.default.1` belongs to package cs-2026. */
  id: string;
  name: string;
  version: number;
  title: string;
  description: string;
  package: string | null;
  states: State[];
  added_at: string;
  added_by: string;
}

/** There is a new version of a definition: in its package's stream, or in `definitions` where it is shared. */
export interface DefinitionAdded {
  /** The unit of order, replay and rights. */
  scope: string;
  definition: Definition;
}

/** The versions of definitions in a scope, by name and newest first. */
export interface Definitions {
  position: Position;
  definitions: Definition[];
}

/** One message to one recipient. */
export interface Delivery {
  /** A delivery's id. */
  id: string;
  /** A person's id, for example ada-stone. */
  person: string;
  kind: DeliveryKind;
  state: DeliveryState;
  subject: string;
  decided: string;
  due: string;
  attempts: number;
  sent: string | null;
  error: string;
  message_id: string;
}

/** What a message is about. */
export type DeliveryKind = "reminder" | "notice";

/**
 * Messages, newest first, and how many there are in each state. Ask again with `before` for more, unless it is null.
 *
 * `problem` says what is wrong with the mail server, if anything is.
 */
export interface DeliveryList {
  deliveries: Delivery[];
  before: string | null;
  counts: Record<string, number>;
  problem: string;
}

/** A message as it looks: its delivery, recipient's address and both its bodies. */
export interface DeliveryPreview {
  delivery: Delivery;
  to: string;
  text: string;
  html: string;
}

/**
 * Where a message is.
 *
 * `failed` is tried again at `due`. `unknown`: we stopped between handing it over and hearing that it was taken. `dead`:
 * given up; it can be sent again. `dropped`: left out on purpose (done meanwhile, mail not wanted, test mode); `error`
 * says why.
 */
export type DeliveryState = "pending" | "sending" | "sent" | "unknown" | "failed" | "dead" | "dropped";

/** What this service offers. */
export interface Describe {
}

/** What a service offers: its procedures and topics, with the first line of their documentation. */
export interface Description {
  service: string;
  version: string;
  procedures: Record<string, string>;
  topics: Record<string, string>;
}

/** Let people come into a group and leave it. Who is in already, or not in, is passed over. */
export interface DirectoryChangeMembers {
  request_id?: string | null;
  /** A group's id, for example cs-staff. */
  group: string;
  add?: string[];
  remove?: string[];
}

/** What everybody at the university may know of somebody. `email` is there only for administrators, and oneself. */
export interface DirectoryNamed {
  /** A person's id, for example ada-stone. */
  id: string;
  name: string;
  kind: PersonKind;
  active: boolean;
  email: string | null;
}

/** Let somebody no longer in: their sessions end at once, and their browsers are signed out. Nothing of theirs is removed. */
export interface DisablePerson {
  request_id?: string | null;
  /** A person's id, for example ada-stone. */
  id: string;
}

/** The answer of a procedure that has nothing else to say. */
export interface Done {
}

/** Let somebody in again, with the password and tokens they had. */
export interface EnablePerson {
  request_id?: string | null;
  /** A person's id, for example ada-stone. */
  id: string;
}

/** Sign oneself out everywhere. Administrators may name a `person`. Personal access tokens stay. */
export interface EndSessions {
  request_id?: string | null;
  person?: string | null;
}

/**
 * How every event travels.
 *
 * `seq` counts 1, 2, 3 ... without holes in its stream (service and scope); 0 marks a passing event, which has no record.
 * `at` is UTC; `by` is a person's id, or `service.<name>`.
 */
export interface Envelope {
  service: string;
  scope: string;
  name: string;
  epoch: string;
  seq: number;
  at: string;
  by: string;
  data: Record<string, unknown>;
  correlation_id: string;
}

/** A stretch of a stream, in order. There are more when the last event's `seq` is below `head`. */
export interface Events {
  epoch: string;
  events: Envelope[];
  head: number;
}

/** Where streams stand now. People name the scopes, which they must be allowed to read; services may leave them out: all. */
export interface EventsHeads {
  scopes?: string[] | null;
}

/**
 * Replay a scope's events after `seq`, oldest first.
 *
 * `epoch` is that of the position one had; leave it out only to read from the start. Refused with `too_old` when the events are
 * no longer kept or the history is another: take a fresh snapshot then. The right to replay is the right to subscribe.
 */
export interface EventsSince {
  /** The unit of order, replay and rights. */
  scope: string;
  epoch?: string | null;
  seq?: number;
  limit?: number;
}

/** An assessment as its examiner sees it. `lead`: they examine the module's lead programme; else it is for information. */
export interface Examined {
  assessment: Assessment;
  package_name: string;
  lead: boolean;
}

/** What somebody examines: the modules that they lead on first. */
export interface ExaminedAssessments {
  position: Position;
  /** The unit of order, replay and rights. */
  scope: string;
  examined: Examined[];
  mine: string[];
  you: You;
  names: Record<string, string>;
}

/** An assessment that somebody examines moved to `state`; the same as `signed_off` in its package. */
export interface ExaminedSignedOff {
  package: string;
  assessment: string;
  module: string;
  module_code: string;
  module_name: string;
  kind: AssessmentKind;
  title: string;
  state: string;
  state_title: string;
  previous: string | null;
  previous_title: string;
  signer: string;
  on_behalf_of: string | null;
  /** `<assessment>-<number in its ledger>`. */
  sign_off: string;
  number: number;
  version: number;
  at: string;
  has_notes: boolean;
  guidance: string;
  notify: string[];
  ended: boolean;
  next: Turn[];
  names: Record<string, string>;
  /** The unit of order, replay and rights. */
  scope: string;
}

/** Why did I get this, why did I not, and what comes next? For oneself; administrators may ask for any `person`. */
export interface ExplainMessages {
  person?: string | null;
  limit?: number;
}

/** What somebody was sent and what not, newest first, with the reasons; and what comes next, as things stand. */
export interface Explanation {
  /** A person's id, for example ada-stone. */
  person: string;
  past: Told[];
  next: Told;
}

/** Switch so many seconds later; without a countdown, let the groups' agreed end be so much later. For teachers. */
export interface ExtendCountdown {
  request_id?: string | null;
  room: string;
  /** The number of the mode that you saw; it only grows. */
  seen: number;
  /** Seconds, at most six hours. */
  seconds?: number;
}

/** Give every module of a package an assessment of each of these kinds that it has none of yet. For managers of the package. */
export interface FillAssessments {
  request_id?: string | null;
  package: string;
  kinds?: AssessmentKind[];
  definition?: string | null;
}

/**
 * Take over many things at once, all or nothing. What has the same id is replaced, whoever changed it last.
 *
 * Nothing is removed. All that is wrong is told at once (`not_filled`). With `dry_run` nothing is written.
 */
export interface FillPackage {
  request_id?: string | null;
  package: string;
  categories?: FilledCategory[];
  activity_types?: FilledActivityType[];
  programmes?: FilledProgramme[];
  modules?: FilledModule[];
  posts?: FilledPost[];
  activities?: FilledActivity[];
  dry_run?: boolean;
}

/** How many things were (or, on a dry run, would be) added, changed, and were so already. */
export interface Filled {
  added: number;
  changed: number;
  unchanged: number;
}

/** An activity to take over. */
export interface FilledActivity {
  name: string;
  type: string;
  measure?: Measure;
  /** Hours of work; fractions are allowed. */
  amount: number;
  /** The package's own, none twice. */
  periods: number[];
  person?: string | null;
  module?: string | null;
  comment?: string;
  confidential?: boolean;
  id: string;
}

/** An activity type to take over. */
export interface FilledActivityType {
  name: string;
  category: string;
  id: string;
}

/** A category to take over. */
export interface FilledCategory {
  name: string;
  abbreviation?: string;
  /** For example #2a6f97. */
  colour?: string;
  id: string;
}

/** A module to take over. Without `id` it gets one from its code; without `allocations` those it has stay. */
export interface FilledModule {
  /** For example CS1001. */
  code: string;
  name: string;
  campus?: string;
  /** The package's own, none twice. */
  periods?: number[];
  credits?: number;
  students?: number;
  coordinator?: string | null;
  moderators?: string[];
  programmes?: string[];
  lead_programme?: string | null;
  overrides?: Overrides;
  id?: string | null;
  allocations?: Allocation[] | null;
}

/** A post to take over. */
export interface FilledPost {
  /** A percentage, 0 to 100. */
  fte?: number;
  has_workload?: boolean;
  job_title?: string;
  school?: string;
  /** A person's id, for example ada-stone. */
  person: string;
}

/** A programme to take over. Without `id` it gets one from its code. */
export interface FilledProgramme {
  /** For example CS1001. */
  code: string;
  name: string;
  directors?: string[];
  examiners?: string[];
  id?: string | null;
}

/**
 * How a module's hours come about.
 *
 * Names: contact sees credits, students, contact_scaling; admin also contact, admin_scaling, assessment_scaling; assessment also
 * admin; coordinator sees credits and students. An empty formula is the product with its constant, and 0 for the coordinator.
 */
export interface Formulas {
  /** Numbers, names, + - * / // % **, comparisons, if-else, log log2 log10 sqrt abs min max round. */
  contact?: string;
  /** Numbers, names, + - * / // % **, comparisons, if-else, log log2 log10 sqrt abs min max round. */
  admin?: string;
  /** Numbers, names, + - * / // % **, comparisons, if-else, log log2 log10 sqrt abs min max round. */
  assessment?: string;
  /** Numbers, names, + - * / // % **, comparisons, if-else, log log2 log10 sqrt abs min max round. */
  coordinator?: string;
}

/** People under a common name: a department, an assessment team, a class. */
export interface Group {
  /** A group's id, for example cs-staff. */
  id: string;
  name: string;
  members: string[];
  version: number;
}

/** A group as it is now. */
export interface GroupAnswer {
  group: Group;
}

/** A group is new or has another name. Its members come by `members_changed`. */
export interface GroupChanged {
  scope: "campus";
  /** A group's id, for example cs-staff. */
  id: string;
  name: string;
  version: number;
}

/** Hours of a group of the package. Somebody in two groups counts in each, but once in the whole. */
export interface GroupLoad {
  people: number;
  loaded: number;
  total: number;
  average: number;
  average_loaded: number;
  /** A group's id, for example cs-staff. */
  group: string;
  name: string;
}

/** What everybody may know of a group. */
export interface GroupNamed {
  /** A group's id, for example cs-staff. */
  id: string;
  name: string;
  size: number;
}

/** A small group. Its id stays the same until the next split. */
export interface GroupOfRoom {
  id: string;
  members: string[];
}

/** A group is no more. */
export interface GroupRemoved {
  scope: "campus";
  /** A group's id, for example cs-staff. */
  id: string;
}

/** Within the mode `number`, somebody came late, left, was moved or merged; all groups as they now are, and who moved. */
export interface GroupsChanged {
  room: string;
  /** The number of the mode that you saw; it only grows. */
  number: number;
  groups: GroupOfRoom[];
  moves: Move[];
}

/** One page of groups. There are more while `next` is not null: ask again with it as `after`. */
export interface GroupsPage {
  groups: GroupNamed[];
  next: string | null;
}

/** The number of the last event of each stream, by scope. */
export interface Heads {
  epoch: string;
  heads: Record<string, number>;
}

/** How a service is. `problems` is empty when all is well, else says in words what is wrong. */
export interface Health {
  service: string;
  version: string;
  healthy: boolean;
  problems: string[];
  streams: number;
  unpublished: number;
}

/** One sign-off. `notes` and `reason` are none where there are some that are not for the reader. No event tells them: ask. */
export interface HistoryEntry {
  /** `<assessment>-<number in its ledger>`. */
  sign_off: string;
  number: number;
  state: string;
  state_title: string;
  signer: string;
  on_behalf_of: string | null;
  reason: string | null;
  at: string;
  has_notes: boolean;
  notes: string | null;
  notified: Notified[];
}

/**
 * Add and change people from a CSV file; nobody is removed. With `dry_run` it is only said what would happen.
 *
 * The first line names the columns: `id`, `name`, `email`, and if wanted `kind` (staff, student or external) and `groups` (ids
 * of existing groups, parted by spaces or semicolons, which the person comes into). Separator is comma, semicolon or tab.
 * People are known by their `id`. What a missing column would say stays as it is.
 */
export interface ImportPeople {
  request_id?: string | null;
  csv: string;
  dry_run?: boolean;
}

/** What an import did, or would do. With any row refused nothing at all is done, and `done` is false. */
export interface ImportReport {
  done: boolean;
  added: number;
  changed: number;
  unchanged: number;
  refused: RefusedRow[];
}

/** The room's invitation code; None: there is none. */
export interface InvitationCode {
  code: string | null;
}

/**
 * Come into a room, with this session. Again with another session, it is the same participant.
 *
 * `code` lets in, and makes a member of, who is not one yet. In groups a latecomer gets a seat. A lost connection keeps the seat
 * for a while: join again after it.
 */
export interface Join {
  request_id?: string | null;
  room: string;
  code?: string | null;
}

/** Somebody has come in. */
export interface Joined {
  room: string;
  participant: Participant;
}

/** Go out of a room with this session, or `everywhere`. You are gone when none of your sessions is left in it. */
export interface Leave {
  request_id?: string | null;
  room: string;
  everywhere?: boolean;
}

/** A participant is gone: by their own wish, by staying away too long, or because they may no longer be here. */
export interface Left {
  room: string;
  /** A person's id, for example ada-stone. */
  person: string;
}

/** A package's assessments: state, since when, whom each waits for. For those who may read the package. */
export interface ListAssessments {
  package: string;
}

/** A package's own definitions, or without a package those that all share (scope `definitions`; for all staff). */
export interface ListDefinitions {
  package?: string | null;
}

/** What was sent and what was not, for administrators. */
export interface ListDeliveries {
  state?: DeliveryState | null;
  person?: string | null;
  limit?: number;
  before?: string | null;
}

/** The groups there are, in the order of their ids; `search` finds those whose name or id has this text in it. */
export interface ListGroups {
  search?: string;
  after?: string | null;
  /** How many at most. */
  limit?: number;
}

/** The packages that you may see. */
export interface ListPackages {
}

/**
 * Search people, in the order of their ids. For staff; students and externals get `not_allowed`.
 *
 * `search` finds those whose name or id has this text in it, and for administrators whose e-mail address has.
 */
export interface ListPeople {
  search?: string;
  kind?: PersonKind | null;
  active?: boolean | null;
  after?: string | null;
  /** How many at most. */
  limit?: number;
}

/** The rooms that you teach in, belong to, or may walk into, at most 500, by name. */
export interface ListRooms {
}

/** The tasks that the caller owns or manages, administrators: all, with how many have completed them. */
export interface ListTasks {
  archived?: boolean;
  limit?: number;
  after?: string | null;
}

/** One's own tokens, without their secrets. Administrators may name a `person`. */
export interface ListTokens {
  person?: string | null;
}

/** A package, and whether the caller may change it. */
export interface ListedPackage {
  package: Package;
  may_change: boolean;
}

/**
 * Somebody's load in a package.
 *
 * `categories` gives hours by category id and sums to `total`, as `periods` does. `scaled` is the total as if full-time, `percent`
 * that of what their FTE would be; both are null for FTE 0. `incomplete` names modules left out because a formula fails.
 */
export interface Load {
  /** A person's id, for example ada-stone. */
  person: string;
  name: string;
  job_title: string;
  school: string;
  external: boolean;
  active: boolean;
  fte: number;
  has_workload: boolean;
  groups: string[];
  total: number;
  periods: number[];
  categories: Record<string, number>;
  scaled: number | null;
  percent: number | null;
  incomplete: string[];
}

/** One thing that somebody does: an activity, or a share of a module's hours. `name` is empty when you may not know it. */
export interface LoadItem {
  work: Work;
  name: string;
  category: string;
  activity: string | null;
  module: string | null;
  share: number;
  confidential: boolean;
  total: number;
  periods: number[];
}

/**
 * Everybody's load in a package: those of its groups, and who else has work. Without people who have nothing and need nothing.
 *
 * Left out are those without hours who are disabled or have no workload. `unallocated` are hours that nobody has yet.
 */
export interface Loads {
  position: Position;
  package: string;
  name: string;
  show: Show;
  nominal_hours: number;
  periods: Period[];
  categories: Category[];
  loads: Load[];
  groups: GroupLoad[];
  whole: Average;
  modules: ModuleHours[];
  unallocated: number;
}

/** Make a ticket out of a browser's session or a personal access token. For the gateway. */
export interface MakeTicket {
  request_id?: null;
  /** A secret made by the directory. */
  credential: string;
}

/**
 * Make a personal access token for another system: it may do all that its owner may. It is shown once.
 *
 * Only the operator may make one for another `person`.
 */
export interface MakeToken {
  request_id?: null;
  name: string;
  /** Days until it expires. */
  days?: number;
  person?: string | null;
}

/** Whether it is allowed. */
export interface May {
  may: boolean;
}

/** Whether a person may read a scope. Asked by the router when a subscription begins, and by replay; `role` is the session's. */
export interface MayRead {
  scope: string;
  /** A person's id, for example ada-stone. */
  person: string;
  role?: string;
}

/** Who is signed in. */
export interface Me {
  /** A person's id, for example ada-stone. */
  id: string;
  name: string;
  email: string;
  kind: PersonKind;
  administrator: boolean;
  groups: string[];
}

/** What an activity's amount is: hours, or a percentage of the package's nominal hours (whatever the person's FTE). */
export type Measure = "hours" | "percentage";

/** Who belongs to a room: people by name, whole groups, and those who came by invitation code. */
export interface Members {
  version: number;
  people: string[];
  groups: string[];
  by_code: string[];
}

/** People came into a group or left it. */
export interface MembersChanged {
  scope: "campus";
  /** A group's id, for example cs-staff. */
  group: string;
  added: string[];
  removed: string[];
}

/**
 * What a room does, complete.
 *
 * `number` grows by one with every switch. `until` is the moment that groups end by agreement, `pending` a countdown that is
 * running. `before` is what the room goes back to when groups end. A member in no group is in the main room.
 */
export interface Mode {
  /** The number of the mode that you saw; it only grows. */
  number: number;
  kind: ModeKind;
  since: string;
  speaker: string | null;
  groups: GroupOfRoom[];
  size: number | null;
  until: string | null;
  before: Target | null;
  pending: Pending | null;
}

/** What a room does: nothing together, listen to one speaker, or talk in small groups. */
export type ModeKind = "idle" | "broadcast" | "groups";

/** A module in a package. `team` are the people with an allocation. */
export interface Module {
  /** For example CS1001. */
  code: string;
  name: string;
  campus: string;
  /** The package's own, none twice. */
  periods: number[];
  credits: number;
  students: number;
  coordinator: string | null;
  moderators: string[];
  programmes: string[];
  lead_programme: string | null;
  overrides: Overrides;
  id: string;
  version: number;
  allocations: Allocation[];
  team: string[];
}

/** A module is new or has changed: who coordinates, moderates or teaches it, or anything else about it. */
export interface ModuleChanged {
  package: string;
  module: Module;
}

/** A module as it is taught in the package's time. `lead_programme` is one of `programmes`; its examiners examine. */
export interface ModuleDetails {
  /** For example CS1001. */
  code: string;
  name: string;
  campus?: string;
  /** The package's own, none twice. */
  periods?: number[];
  credits?: number;
  students?: number;
  coordinator?: string | null;
  moderators?: string[];
  programmes?: string[];
  lead_programme?: string | null;
  overrides?: Overrides;
}

/** A module's hours. With `problem` a formula failed: all hours are 0 and not counted in anybody's load. */
export interface ModuleHours {
  module: string;
  contact: number;
  admin: number;
  assessment: number;
  coordinator: number;
  total: number;
  periods: number[];
  unallocated: number;
  problem: string;
}

/** A module is no more in the package. */
export interface ModuleRemoved {
  package: string;
  id: string;
}

/** Somebody changed groups: to which (None: to the main room, or out of it), and why. */
export interface Move {
  /** A person's id, for example ada-stone. */
  person: string;
  to: string | null;
  reason: MoveReason;
}

/** Put a member into another group. For teachers. A group of one that this would leave is merged into another. */
export interface MovePerson {
  request_id?: string | null;
  room: string;
  /** The number of the mode that you saw; it only grows. */
  seen: number;
  /** A person's id, for example ada-stone. */
  person: string;
  group: string;
}

/** Why somebody changed groups. */
export type MoveReason = "came_late" | "moved" | "merged" | "left";

/** A task as one of its targets sees it. It is urgent after `urgent_from` and overdue after `deadline`, unless completed. */
export interface MyTask {
  /** A task's id. */
  id: string;
  name: string;
  description: string;
  /** An http(s) address, a path on this campus, or nothing. */
  link: string;
  category: string;
  deadline: string;
  /** A time zone, such as Europe/London. */
  timezone: string;
  urgent_from: string;
  /** A person's id, for example ada-stone. */
  owner: string;
  version: number;
  completion: Completion | null;
}

/**
 * What concerns one person now: tasks, reminders, notices, preferences. `at` is the moment of the answer.
 *
 * Tasks are sorted by deadline, completed ones among them, archived ones not. The last 20 reminders and the last 50
 * notices, newest first.
 */
export interface MyTasks {
  position: Position;
  at: string;
  tasks: MyTask[];
  reminders: Reminder[];
  notices: Notice[];
  preferences: Preferences;
}

/** An assessment to be. Without a definition it follows the newest version of `default`. */
export interface NewAssessment {
  module: string;
  kind?: AssessmentKind;
  title?: string;
  definition?: string | null;
}

/**
 * Somebody is told of a sign-off that concerns them.
 *
 * `sent_at` is when the mail server took the message, or when it was shown to somebody who wants no mail of it.
 */
export interface Notice {
  /** `<assessment>-<number in its ledger>`. */
  sign_off: string;
  package: string;
  assessment: string;
  module: string;
  module_name: string;
  kind: string;
  title: string;
  state: string;
  signer: string;
  on_behalf_of: string;
  guidance: string;
  has_notes: boolean;
  at: string;
  sent_at: string | null;
  channel: Channel | null;
}

/** The message about a sign-off reached the mail server, or was shown to somebody who wants no mail. */
export interface NoticeSent {
  /** A person's id, for example ada-stone. */
  person: string;
  package: string;
  assessment: string;
  /** `<assessment>-<number in its ledger>`. */
  sign_off: string;
  at: string;
  channel: Channel;
}

/** Who was told of a sign-off, and when. */
export interface Notified {
  /** A person's id, for example ada-stone. */
  person: string;
  at: string;
}

/** Hours that win over the formula. 0 is an override; leave out what the formula shall say. */
export interface Overrides {
  contact?: number | null;
  admin?: number | null;
  assessment?: number | null;
  coordinator?: number | null;
}

/** A package. Its id is the scope of its stream. */
export interface Package {
  name: string;
  start: string;
  end: string;
  status: Status;
  groups: string[];
  managers: string[];
  assessment_team: string[];
  exams_office: string[];
  /** Hours of a full-time year. */
  nominal_hours: number;
  working_days: number;
  days_in_week: number;
  periods: Period[];
  scaling: Scaling;
  formulas: Formulas;
  tariff: string;
  show: Show;
  module_category: string;
  coordination_category: string;
  id: string;
  version: number;
}

/** All assessments of a package, and which of them wait for the reader. */
export interface PackageAssessments {
  position: Position;
  package: string;
  package_name: string;
  may_add: boolean;
  assessments: Assessment[];
  mine: string[];
  you: You;
  names: Record<string, string>;
}

/** A package is new or has changed: its dates, status, groups, periods, constants or formulas. */
export interface PackageChanged {
  package: string;
  state: Package;
}

/** A package and all that belongs to it. `may_change` tells whether the caller may change it. */
export interface PackageContents {
  position: Position;
  package: Package;
  categories: Category[];
  activity_types: ActivityType[];
  programmes: Programme[];
  modules: Module[];
  activities: Activity[];
  posts: Post[];
  may_change: boolean;
}

/**
 * What its managers say of a package: one school for one period, usually a year. The end is exclusive.
 *
 * `groups` may see it; `managers` may change it, as campus administrators always may. `assessment_team` and `exams_office` are
 * those of its assessments. `module_category` and `coordination_category` are where modules' hours are counted.
 */
export interface PackageDetails {
  name: string;
  start: string;
  end: string;
  status?: Status;
  groups?: string[];
  managers?: string[];
  assessment_team?: string[];
  exams_office?: string[];
  /** Hours of a full-time year. */
  nominal_hours?: number;
  working_days?: number;
  days_in_week?: number;
  periods?: Period[];
  scaling?: Scaling;
  formulas?: Formulas;
  tariff?: string;
  show?: Show;
  module_category?: string;
  coordination_category?: string;
}

/** The packages that the caller may see, the latest first. */
export interface Packages {
  packages: ListedPackage[];
}

/** Somebody in the room. `away_since` is set while they have no connection; they keep their seat for a while. */
export interface Participant {
  /** A person's id, for example ada-stone. */
  person: string;
  name: string;
  standing: Standing;
  since: string;
  away_since: string | null;
}

/** A participant lost the connection or is back, or has another name or standing; the complete new state. */
export interface ParticipantChanged {
  room: string;
  participant: Participant;
}

/** A switch that will come: to what, and at what moment. */
export interface Pending {
  to: Target;
  at: string;
}

/** People, in the order asked for. */
export interface People {
  people: DirectoryNamed[];
}

/** One page of people. There are more while `next` is not null: ask again with it as `after`. */
export interface PeoplePage {
  people: DirectoryNamed[];
  next: string | null;
  total: number;
}

/** A part of the package's time: a semester, say. The end is exclusive. */
export interface Period {
  name: string;
  start?: string | null;
  end?: string | null;
}

/** Somebody who may sign in while `active`. `internal` people are those whose kind is not external. */
export interface Person {
  /** A person's id, for example ada-stone. */
  id: string;
  name: string;
  email: string;
  kind: PersonKind;
  active: boolean;
  administrator: boolean;
  version: number;
}

/** Somebody as they are now. */
export interface PersonAnswer {
  person: Person;
}

/** Somebody is new, or is different from before; the complete new state. A disabled person has `active` false. */
export interface PersonChanged {
  scope: "campus";
  person: Person;
}

/** What somebody is to the university. External: an examiner of another one, say. */
export type PersonKind = "staff" | "student" | "external";

/** One person's load, the same numbers as in `loads.read`, and what it is made of. */
export interface PersonLoad {
  position: Position;
  package: string;
  name: string;
  show: Show;
  nominal_hours: number;
  periods: Period[];
  categories: Category[];
  load: Load;
  items: LoadItem[];
}

/** This person is told of a sign-off that concerns them. */
export interface PersonNoticed {
  /** A person's id, for example ada-stone. */
  person: string;
  notice: Notice;
}

/** This person is reminded of open tasks. */
export interface PersonReminded {
  /** A person's id, for example ada-stone. */
  person: string;
  reminder: Reminder;
}

/** Where in a stream something was true: the history it belongs to and the number of its last event. */
export interface Position {
  epoch: string;
  seq: number;
}

/** A person in a package. Members of its groups without a post count as full-time with workload. */
export interface Post {
  /** A percentage, 0 to 100. */
  fte: number;
  has_workload: boolean;
  job_title: string;
  school: string;
  /** A person's id, for example ada-stone. */
  person: string;
  version: number;
}

/** Somebody's FTE, job title or school in the package is new or has changed. */
export interface PostChanged {
  package: string;
  post: Post;
}

/** What somebody is in the package: FTE in percent, and whether work is allocated to them at all. */
export interface PostDetails {
  /** A percentage, 0 to 100. */
  fte?: number;
  has_workload?: boolean;
  job_title?: string;
  school?: string;
}

/** Somebody has no post in the package any more. */
export interface PostRemoved {
  package: string;
  /** A person's id, for example ada-stone. */
  person: string;
}

/** Of what somebody wants mail. Pages show everything in any case. */
export interface Preferences {
  reminder_mail: boolean;
  notice_mail: boolean;
}

/** This person wants mail of other things than before. */
export interface PreferencesChanged {
  /** A person's id, for example ada-stone. */
  person: string;
  preferences: Preferences;
}

/** What the directory knows of oneself. */
export interface Profile {
  person: Person;
  groups: GroupNamed[];
  has_password: boolean;
}

/** A programme in a package. */
export interface Programme {
  /** For example CS1001. */
  code: string;
  name: string;
  directors: string[];
  examiners: string[];
  id: string;
  version: number;
}

/** A programme is new or has changed: its name, directors or examiners. */
export interface ProgrammeChanged {
  package: string;
  programme: Programme;
}

/** A programme of study, who directs and who examines it. */
export interface ProgrammeDetails {
  /** For example CS1001. */
  code: string;
  name: string;
  directors?: string[];
  examiners?: string[];
}

/** A programme is no more in the package. */
export interface ProgrammeRemoved {
  package: string;
  id: string;
}

/** Add an activity or change one. Without `id` it gets one by chance. */
export interface PutActivity {
  request_id?: string | null;
  package: string;
  id?: string | null;
  seen?: number;
  values: ActivityDetails;
}

/** Add an activity type or change one. Without `id` it gets one from its name. */
export interface PutActivityType {
  request_id?: string | null;
  package: string;
  id?: string | null;
  seen?: number;
  values: ActivityTypeDetails;
}

/** Add a category or change one. Without `id` it gets one from its name. */
export interface PutCategory {
  request_id?: string | null;
  package: string;
  id?: string | null;
  seen?: number;
  values: CategoryDetails;
}

/** Add a module or change one; its allocations stay. Without `id` it gets one from its code. */
export interface PutModule {
  request_id?: string | null;
  package: string;
  id?: string | null;
  seen?: number;
  values: ModuleDetails;
}

/** Say somebody's FTE, job title and school in the package. */
export interface PutPost {
  request_id?: string | null;
  package: string;
  /** A person's id, for example ada-stone. */
  person: string;
  seen?: number;
  values: PostDetails;
}

/** Add a programme or change one. Without `id` it gets one from its code. */
export interface PutProgramme {
  request_id?: string | null;
  package: string;
  id?: string | null;
  seen?: number;
  values: ProgrammeDetails;
}

/** An activity with nothing hidden; a confidential one only for the person whose it is and those who may change the package. */
export interface ReadActivity {
  package: string;
  id: string;
}

/** The caller's archived tasks. */
export interface ReadArchivedTasks {
  limit?: number;
}

/** One assessment: history, who may act next, what the reader may do. For readers of its package and examiners of its module. */
export interface ReadAssessment {
  assessment: string;
}

/** All people and groups, and the position of the campus stream. For services and administrators; others get `not_allowed`. */
export interface ReadCampus {
  scope?: string;
}

/** The campus's time, to set a clock by: take half of what the answer took off it. */
export interface ReadClock {
}

/** The room's invitation code. For its teachers. */
export interface ReadCode {
  room: string;
}

/** One version of a definition. Examiners may read those that their assessments follow. */
export interface ReadDefinition {
  /** One version of a definition: `default.1` is shared, `cs-2026.default.1` belongs to package cs-2026. */
  id: string;
}

/** One message with its content, for administrators. */
export interface ReadDelivery {
  /** A delivery's id. */
  delivery: string;
}

/** The assessments of all modules that the caller examines, over all packages. Follow `scope` for what happens to them. */
export interface ReadExamined {
}

/** A group with its members: for administrators, services, and those who are in it. */
export interface ReadGroup {
  /** A group's id, for example cs-staff. */
  id: string;
}

/** One person's load in a package and what it is made of; without `person` your own. */
export interface ReadLoad {
  package: string;
  person?: string | null;
}

/** Everybody's load in a package, by period and category, with averages of its groups. */
export interface ReadLoads {
  package: string;
}

/** Who belongs to a room. For its teachers. Ask again when `room_changed` tells of a new version. */
export interface ReadMembers {
  room: string;
}

/** The caller's tasks, reminders and notices: the snapshot to follow one's own stream from. */
export interface ReadMyTasks {
}

/** A package and all that belongs to it, at a position of its stream. Confidential activities are without their names. */
export interface ReadPackage {
  package: string;
}

/** Everything about somebody but their secrets. */
export interface ReadPerson {
  /** A person's id, for example ada-stone. */
  id: string;
}

/** Of what the caller wants mail. */
export interface ReadPreferences {
}

/** What the directory knows of oneself. */
export interface ReadProfile {
}

/** A room's complete state. For its teachers and members, for everybody where it is open, and for administrators. */
export interface ReadRoom {
  room: string;
}

/** One task with everybody it is for. For its owner, its managers and administrators. */
export interface ReadTask {
  /** A task's id. */
  task: string;
}

/** What waits for the caller by name or by a group, over all packages. */
export interface ReadWaiting {
}

/** A row that cannot be imported: the line in the file (the heading is line 1), the column if it is one, and why. */
export interface RefusedRow {
  line: number;
  column: string;
  reason: string;
}

/**
 * Remind people of their open tasks now, besides the weekly times: all, or with `urgent_only` those with something urgent.
 *
 * Nobody gets more reminders in a day than the setting allows. With `dry_run` nothing happens; the answer says what would.
 */
export interface Remind {
  request_id?: string | null;
  urgent_only?: boolean;
  dry_run?: boolean;
}

/** Who was reminded (or, in a dry run, would be), and how many were not for which reason. */
export interface Reminded {
  people: string[];
  left_out: Record<string, number>;
}

/** A reminder that somebody got: of these tasks, by deadline; urgent if any of them was. */
export interface Reminder {
  id: string;
  at: string;
  urgent: boolean;
  tasks: string[];
}

/** Remove an activity. */
export interface RemoveActivity {
  request_id?: string | null;
  package: string;
  id: string;
  seen: number;
}

/** Remove an activity type that no activity has. */
export interface RemoveActivityType {
  request_id?: string | null;
  package: string;
  id: string;
  seen: number;
}

/** Take away an assessment that nobody has signed off yet. For managers of the package. */
export interface RemoveAssessment {
  request_id?: string | null;
  assessment: string;
}

/** Remove a category that neither an activity type nor the package's modules need. */
export interface RemoveCategory {
  request_id?: string | null;
  package: string;
  id: string;
  seen: number;
}

/** Remove a group. Its people stay. */
export interface RemoveGroup {
  request_id?: string | null;
  /** A group's id, for example cs-staff. */
  id: string;
}

/** Remove a module, with its allocations, that no activity belongs to. */
export interface RemoveModule {
  request_id?: string | null;
  package: string;
  id: string;
  seen: number;
}

/** Take somebody's post away. Their work stays, and counts as if full-time. */
export interface RemovePost {
  request_id?: string | null;
  package: string;
  /** A person's id, for example ada-stone. */
  person: string;
  seen: number;
}

/** Remove a programme that no module is on. */
export interface RemoveProgramme {
  request_id?: string | null;
  package: string;
  id: string;
  seen: number;
}

/** Make a new invitation code; the old one no longer works. For teachers. Who came by the old one stays a member. */
export interface RenewCode {
  request_id?: string | null;
  room: string;
}

/** End the broadcast or the groups: everybody is in the main room. For teachers. Out of groups it goes by countdown. */
export interface Rest {
  request_id?: string | null;
  room: string;
  /** The number of the mode that you saw; it only grows. */
  seen: number;
  countdown?: number | null;
}

/** Make a token of one's own worthless, and end one's WAMP sessions. Administrators may revoke anybody's. */
export interface RevokeToken {
  request_id?: string | null;
  id: string;
}

/** A class. `open`: every signed-in person may come in; `by_code`: whoever knows the invitation code may become a member. */
export interface Room {
  id: string;
  name: string;
  teachers: ClassroomNamed[];
  open: boolean;
  by_code: boolean;
  /** The wished size of a group. */
  group_size: number;
  /** Seconds between the press and the switch; 0: at once. */
  countdown: number;
  version: number;
}

/** The room is new or has changed; the complete new description. A new version may also mean other members. */
export interface RoomChanged {
  room: string;
  details: Room;
}

/** A room in a list. `standing` is what you are in it; `participants` counts who is there now. */
export interface RoomEntry {
  room: Room;
  standing: Standing;
  kind: ModeKind;
  participants: number;
  joined: boolean;
}

/** A room, everybody in it, and what it does. `now` is the campus's time at the answer. */
export interface RoomState {
  position: Position;
  room: Room;
  participants: Participant[];
  mode: Mode;
  now: string;
}

/** The rooms that you teach in, belong to, or may walk into. */
export interface Rooms {
  rooms: RoomEntry[];
}

/** The constants that formulas see: contact hours per credit, admin and assessment hours per contact hour. */
export interface Scaling {
  contact?: number;
  admin?: number;
  assessment?: number;
}

/** Send a message that is dead, failed or unknown once more, under its old Message-ID. Others are a `conflict`. */
export interface SendAgain {
  request_id?: string | null;
  /** A delivery's id. */
  delivery: string;
}

/** Give somebody a password. Their browsers have to sign in again; personal access tokens stay. */
export interface SetPassword {
  request_id?: null;
  /** A person's id, for example ada-stone. */
  id: string;
  password: string;
}

/** Whether pages show loads as hours or as percentages. What is kept and answered is always hours. */
export type Show = "hours" | "percentages";

/**
 * Sign in a browser. For the gateway, which says from which address it is asked.
 *
 * An unknown address, a wrong password and a disabled person are answered alike, and in the same time.
 */
export interface SignIn {
  request_id?: null;
  email: string;
  password: string;
  address: string;
}

/**
 * Move an assessment to its next state, in the caller's name.
 *
 * `seen` is the assessment's version that the caller decided on: when somebody was faster the refusal is `conflict`, with the
 * present `state`, `state_title` and `version`. An administrator who is not an actor names one in `on_behalf_of` and says why in
 * `reason`; both names are kept.
 */
export interface SignOff {
  request_id?: string | null;
  assessment: string;
  state: string;
  seen: number;
  notes?: string;
  on_behalf_of?: string | null;
  reason?: string;
}

/** Somebody was told of a sign-off. */
export interface SignOffNotified {
  package: string;
  assessment: string;
  /** `<assessment>-<number in its ledger>`. */
  sign_off: string;
  /** A person's id, for example ada-stone. */
  person: string;
  at: string;
}

/** End a browser's session, and the WAMP sessions of its person: their other browsers join anew. For the gateway. */
export interface SignOut {
  request_id?: null;
  /** A secret made by the directory. */
  session: string;
}

/** A browser is signed in: its session, which must reach nobody but that browser, and a first ticket. */
export interface SignedIn {
  person: Me;
  session: string;
  session_expires: string;
  ticket: string;
  ticket_expires: string;
}

/** An assessment moved to `state`. The event tells that there are notes, never what they say: ask for them. */
export interface SignedOff {
  package: string;
  assessment: string;
  module: string;
  module_code: string;
  module_name: string;
  kind: AssessmentKind;
  title: string;
  state: string;
  state_title: string;
  previous: string | null;
  previous_title: string;
  signer: string;
  on_behalf_of: string | null;
  /** `<assessment>-<number in its ledger>`. */
  sign_off: string;
  number: number;
  version: number;
  at: string;
  has_notes: boolean;
  guidance: string;
  notify: string[];
  ended: boolean;
  next: Turn[];
  names: Record<string, string>;
}

/** Switch now. For teachers. */
export interface SkipCountdown {
  request_id?: string | null;
  room: string;
  /** The number of the mode that you saw; it only grows. */
  seen: number;
}

/**
 * Put all members who are present into small groups, at once. For teachers.
 *
 * Nobody is alone and no group has more than `size` + 1. Members are drawn at random, or `kept` from the last time as far as they
 * are there. With `lasts` the groups end by themselves after so many seconds.
 */
export interface Split {
  request_id?: string | null;
  room: string;
  /** The number of the mode that you saw; it only grows. */
  seen: number;
  size?: number | null;
  kept?: boolean;
  lasts?: number | null;
}

/** What a participant is in this room. Teachers are not put into groups: they may visit any. */
export type Standing = "teacher" | "member";

/** A state of a definition: who may enter it, who is told, and which states may follow. */
export interface State {
  name: string;
  title: string;
  actors: string[];
  notify: string[];
  next: string[];
  start: boolean;
  end: boolean;
  description: string;
  guidance: string;
}

/** Draft and hidden packages are seen only by those who may change them; a closed one changes no more. */
export type Status = "draft" | "open" | "closed" | "hidden";

/** Why the mode changed. */
export type SwitchReason = "opened" | "broadcast" | "rested" | "split" | "countdown_started" | "countdown_extended" | "countdown_cancelled" | "countdown_ended" | "countdown_skipped" | "speaker_left" | "teachers_gone";

/** The room does something else, or a countdown began, changed or ended; the complete new mode. */
export interface Switched {
  room: string;
  mode: Mode;
  reason: SwitchReason;
}

/** Take a completion back, one's own, or that of `person` by the task's owner, its managers and administrators. */
export interface TakeBackCompletion {
  request_id?: string | null;
  /** A task's id. */
  task: string;
  person?: string | null;
}

/** What a room goes (back) to. `speaker` is set for a broadcast. */
export interface Target {
  kind: ModeKind;
  speaker: string | null;
}

/** One target of a task, and whether they have completed it. */
export interface TargetState {
  /** A person's id, for example ada-stone. */
  person: string;
  completion: Completion | null;
}

/** A task as its owner sees it. `targets` and `completed` count the people it is for now and those of them who have done it. */
export interface Task {
  /** A task's id. */
  id: string;
  name: string;
  description: string;
  /** An http(s) address, a path on this campus, or nothing. */
  link: string;
  category: string;
  deadline: string;
  /** A time zone, such as Europe/London. */
  timezone: string;
  urgent_from: string;
  /** A person's id, for example ada-stone. */
  owner: string;
  managers: string[];
  people: string[];
  groups: string[];
  archived: boolean;
  version: number;
  targets: number;
  completed: number;
}

/** A task is now for this person: new, brought back, or they came into one of its groups. An earlier completion counts again. */
export interface TaskAssigned {
  /** A person's id, for example ada-stone. */
  person: string;
  task: MyTask;
}

/** A task of this person's is different; the complete new state. */
export interface TaskChanged {
  /** A person's id, for example ada-stone. */
  person: string;
  task: MyTask;
}

/** A task is done as far as this person goes. */
export interface TaskCompleted {
  /** A person's id, for example ada-stone. */
  person: string;
  /** A task's id. */
  task: string;
  completion: Completion;
}

/** A stretch of tasks, by deadline. Ask again with `after` for more, unless it is null. */
export interface TaskList {
  tasks: Task[];
  after: string | null;
}

/** A task and everybody it is for, by id. */
export interface TaskWithTargets {
  task: Task;
  targets: TargetState[];
}

/** A task is no longer for this person, or was archived. */
export interface TaskWithdrawn {
  /** A person's id, for example ada-stone. */
  person: string;
  /** A task's id. */
  task: string;
  archived: boolean;
}

/** A ticket that opens one WAMP session as this person, until `ticket_expires`. */
export interface TicketMade {
  person: Me;
  ticket: string;
  ticket_expires: string;
}

/** A personal access token, without its secret. */
export interface Token {
  id: string;
  name: string;
  made: string;
  expires: string;
  last_used: string | null;
}

/** A new token. `secret` is shown here and never again. */
export interface TokenMade {
  token: Token;
  secret: string;
}

/** Somebody's tokens, newest first. */
export interface Tokens {
  tokens: Token[];
}

/** Something that was, was not, or will be sent; `why` says so in words. */
export interface Told {
  what: "notice" | "reminder";
  at: string;
  sent: boolean;
  why: string;
}

/**
 * A state that may be entered next, and who may enter it: `people`, members of `groups`, and more where it says so.
 *
 * Administrators may besides act for one of them. Only people who may still sign in can act.
 */
export interface Turn {
  state: string;
  title: string;
  people: string[];
  groups: string[];
  anyone: boolean;
  administrators: boolean;
}

/** Bring an archived task back, with its completions. For its owner, its managers and administrators. */
export interface UnarchiveTask {
  request_id?: string | null;
  /** A task's id. */
  task: string;
}

/** What waits for the reader, longest waiting first. To keep it true follow the streams of `positions`. */
export interface Waiting {
  items: WaitingItem[];
  positions: Record<string, Position>;
  you: You;
  names: Record<string, string>;
}

/** An assessment that waits for the reader, and the states that they may enter. */
export interface WaitingItem {
  assessment: Assessment;
  package_name: string;
  may_enter: string[];
}

/** Let nobody else in by code. For teachers. Who came by it stays a member. */
export interface WithdrawCode {
  request_id?: string | null;
  room: string;
}

/** What an item of a load comes from. */
export type Work = "activity" | "contact" | "admin" | "assessment" | "coordination";

/** What is needed to say of any `Turn` whether it is the reader's: at the snapshot, and after each later event. */
export interface You {
  person: string;
  groups: string[];
  staff: boolean;
  administrator: boolean;
}

/** What each procedure is asked and answers, by its URI without `chalkbell.`. */
export interface Procedures {
  "classroom.v1.broadcast": { ask: Broadcast; answer: Mode };
  "classroom.v1.call_back": { ask: CallBack; answer: Mode };
  "classroom.v1.clock.read": { ask: ReadClock; answer: Clock };
  "classroom.v1.code.read": { ask: ReadCode; answer: InvitationCode };
  "classroom.v1.code.renew": { ask: RenewCode; answer: InvitationCode };
  "classroom.v1.code.withdraw": { ask: WithdrawCode; answer: Done };
  "classroom.v1.countdown.cancel": { ask: CancelCountdown; answer: Mode };
  "classroom.v1.countdown.extend": { ask: ExtendCountdown; answer: Mode };
  "classroom.v1.countdown.skip": { ask: SkipCountdown; answer: Mode };
  "classroom.v1.events.heads": { ask: EventsHeads; answer: Heads };
  "classroom.v1.events.since": { ask: EventsSince; answer: Events };
  "classroom.v1.join": { ask: Join; answer: RoomState };
  "classroom.v1.leave": { ask: Leave; answer: Done };
  "classroom.v1.members.change": { ask: ClassroomChangeMembers; answer: Members };
  "classroom.v1.members.read": { ask: ReadMembers; answer: Members };
  "classroom.v1.meta.describe": { ask: Describe; answer: Description };
  "classroom.v1.meta.health": { ask: AskHealth; answer: Health };
  "classroom.v1.meta.may_read": { ask: MayRead; answer: May };
  "classroom.v1.move": { ask: MovePerson; answer: Mode };
  "classroom.v1.rest": { ask: Rest; answer: Mode };
  "classroom.v1.room.add": { ask: AddRoom; answer: RoomState };
  "classroom.v1.room.change": { ask: ChangeRoom; answer: Room };
  "classroom.v1.room.read": { ask: ReadRoom; answer: RoomState };
  "classroom.v1.rooms.list": { ask: ListRooms; answer: Rooms };
  "classroom.v1.split": { ask: Split; answer: Mode };
  "directory.v1.campus.read": { ask: ReadCampus; answer: Campus };
  "directory.v1.events.heads": { ask: EventsHeads; answer: Heads };
  "directory.v1.events.since": { ask: EventsSince; answer: Events };
  "directory.v1.group.add": { ask: AddGroup; answer: GroupAnswer };
  "directory.v1.group.change": { ask: ChangeGroup; answer: GroupAnswer };
  "directory.v1.group.read": { ask: ReadGroup; answer: GroupAnswer };
  "directory.v1.group.remove": { ask: RemoveGroup; answer: Done };
  "directory.v1.groups.list": { ask: ListGroups; answer: GroupsPage };
  "directory.v1.members.change": { ask: DirectoryChangeMembers; answer: GroupAnswer };
  "directory.v1.meta.describe": { ask: Describe; answer: Description };
  "directory.v1.meta.health": { ask: AskHealth; answer: Health };
  "directory.v1.meta.may_read": { ask: MayRead; answer: May };
  "directory.v1.password.change": { ask: ChangePassword; answer: Done };
  "directory.v1.people.import": { ask: ImportPeople; answer: ImportReport };
  "directory.v1.people.list": { ask: ListPeople; answer: PeoplePage };
  "directory.v1.people.named": { ask: AskNames; answer: People };
  "directory.v1.person.add": { ask: AddPerson; answer: PersonAnswer };
  "directory.v1.person.change": { ask: ChangePerson; answer: PersonAnswer };
  "directory.v1.person.disable": { ask: DisablePerson; answer: PersonAnswer };
  "directory.v1.person.enable": { ask: EnablePerson; answer: PersonAnswer };
  "directory.v1.person.read": { ask: ReadPerson; answer: PersonAnswer };
  "directory.v1.person.set_password": { ask: SetPassword; answer: Done };
  "directory.v1.profile.read": { ask: ReadProfile; answer: Profile };
  "directory.v1.sessions.end": { ask: EndSessions; answer: Done };
  "directory.v1.sign_in": { ask: SignIn; answer: SignedIn };
  "directory.v1.sign_out": { ask: SignOut; answer: Done };
  "directory.v1.ticket.make": { ask: MakeTicket; answer: TicketMade };
  "directory.v1.token.list": { ask: ListTokens; answer: Tokens };
  "directory.v1.token.make": { ask: MakeToken; answer: TokenMade };
  "directory.v1.token.revoke": { ask: RevokeToken; answer: Done };
  "gateway.v1.events.heads": { ask: EventsHeads; answer: Heads };
  "gateway.v1.events.since": { ask: EventsSince; answer: Events };
  "gateway.v1.meta.describe": { ask: Describe; answer: Description };
  "gateway.v1.meta.health": { ask: AskHealth; answer: Health };
  "gateway.v1.meta.may_read": { ask: MayRead; answer: May };
  "notifier.v1.deliveries.list": { ask: ListDeliveries; answer: DeliveryList };
  "notifier.v1.delivery.read": { ask: ReadDelivery; answer: DeliveryPreview };
  "notifier.v1.delivery.send_again": { ask: SendAgain; answer: Delivery };
  "notifier.v1.events.heads": { ask: EventsHeads; answer: Heads };
  "notifier.v1.events.since": { ask: EventsSince; answer: Events };
  "notifier.v1.messages.explain": { ask: ExplainMessages; answer: Explanation };
  "notifier.v1.meta.describe": { ask: Describe; answer: Description };
  "notifier.v1.meta.health": { ask: AskHealth; answer: Health };
  "notifier.v1.meta.may_read": { ask: MayRead; answer: May };
  "notifier.v1.preferences.change": { ask: ChangePreferences; answer: Preferences };
  "notifier.v1.preferences.read": { ask: ReadPreferences; answer: Preferences };
  "notifier.v1.remind": { ask: Remind; answer: Reminded };
  "notifier.v1.task.add": { ask: AddTask; answer: Task };
  "notifier.v1.task.archive": { ask: ArchiveTask; answer: Task };
  "notifier.v1.task.change": { ask: ChangeTask; answer: Task };
  "notifier.v1.task.complete": { ask: CompleteTask; answer: Completion };
  "notifier.v1.task.read": { ask: ReadTask; answer: TaskWithTargets };
  "notifier.v1.task.take_back": { ask: TakeBackCompletion; answer: MyTask };
  "notifier.v1.task.unarchive": { ask: UnarchiveTask; answer: Task };
  "notifier.v1.tasks.archived": { ask: ReadArchivedTasks; answer: ArchivedTasks };
  "notifier.v1.tasks.list": { ask: ListTasks; answer: TaskList };
  "notifier.v1.tasks.mine": { ask: ReadMyTasks; answer: MyTasks };
  "workflow.v1.assessment.read": { ask: ReadAssessment; answer: AssessmentRead };
  "workflow.v1.assessment.remove": { ask: RemoveAssessment; answer: Done };
  "workflow.v1.assessments.add": { ask: AddAssessments; answer: Added };
  "workflow.v1.assessments.fill": { ask: FillAssessments; answer: Added };
  "workflow.v1.assessments.list": { ask: ListAssessments; answer: PackageAssessments };
  "workflow.v1.definition.add": { ask: AddDefinition; answer: Definition };
  "workflow.v1.definition.read": { ask: ReadDefinition; answer: Definition };
  "workflow.v1.definitions.list": { ask: ListDefinitions; answer: Definitions };
  "workflow.v1.events.heads": { ask: EventsHeads; answer: Heads };
  "workflow.v1.events.since": { ask: EventsSince; answer: Events };
  "workflow.v1.examined.read": { ask: ReadExamined; answer: ExaminedAssessments };
  "workflow.v1.meta.describe": { ask: Describe; answer: Description };
  "workflow.v1.meta.health": { ask: AskHealth; answer: Health };
  "workflow.v1.meta.may_read": { ask: MayRead; answer: May };
  "workflow.v1.sign_off": { ask: SignOff; answer: SignedOff };
  "workflow.v1.waiting.read": { ask: ReadWaiting; answer: Waiting };
  "workload.v1.activity.put": { ask: PutActivity; answer: ActivityInFull };
  "workload.v1.activity.read": { ask: ReadActivity; answer: ActivityInFull };
  "workload.v1.activity.remove": { ask: RemoveActivity; answer: Done };
  "workload.v1.activity_type.put": { ask: PutActivityType; answer: ActivityType };
  "workload.v1.activity_type.remove": { ask: RemoveActivityType; answer: Done };
  "workload.v1.category.put": { ask: PutCategory; answer: Category };
  "workload.v1.category.remove": { ask: RemoveCategory; answer: Done };
  "workload.v1.events.heads": { ask: EventsHeads; answer: Heads };
  "workload.v1.events.since": { ask: EventsSince; answer: Events };
  "workload.v1.load.read": { ask: ReadLoad; answer: PersonLoad };
  "workload.v1.loads.read": { ask: ReadLoads; answer: Loads };
  "workload.v1.meta.describe": { ask: Describe; answer: Description };
  "workload.v1.meta.health": { ask: AskHealth; answer: Health };
  "workload.v1.meta.may_read": { ask: MayRead; answer: May };
  "workload.v1.module.allocate": { ask: AllocateModule; answer: Module };
  "workload.v1.module.put": { ask: PutModule; answer: Module };
  "workload.v1.module.remove": { ask: RemoveModule; answer: Done };
  "workload.v1.package.add": { ask: AddPackage; answer: Package };
  "workload.v1.package.change": { ask: ChangePackage; answer: Package };
  "workload.v1.package.fill": { ask: FillPackage; answer: Filled };
  "workload.v1.package.read": { ask: ReadPackage; answer: PackageContents };
  "workload.v1.packages.list": { ask: ListPackages; answer: Packages };
  "workload.v1.post.put": { ask: PutPost; answer: Post };
  "workload.v1.post.remove": { ask: RemovePost; answer: Done };
  "workload.v1.programme.put": { ask: PutProgramme; answer: Programme };
  "workload.v1.programme.remove": { ask: RemoveProgramme; answer: Done };
}

/** What each event tells, by service, version and name: `workflow.v1.signed_off`. */
export interface Topics {
  "classroom.v1.groups_changed": GroupsChanged;
  "classroom.v1.joined": Joined;
  "classroom.v1.left": Left;
  "classroom.v1.participant_changed": ParticipantChanged;
  "classroom.v1.room_changed": RoomChanged;
  "classroom.v1.switched": Switched;
  "directory.v1.group_changed": GroupChanged;
  "directory.v1.group_removed": GroupRemoved;
  "directory.v1.members_changed": MembersChanged;
  "directory.v1.person_changed": PersonChanged;
  "notifier.v1.completion_taken_back": CompletionTakenBack;
  "notifier.v1.notice_sent": NoticeSent;
  "notifier.v1.noticed": PersonNoticed;
  "notifier.v1.preferences_changed": PreferencesChanged;
  "notifier.v1.reminded": PersonReminded;
  "notifier.v1.task_assigned": TaskAssigned;
  "notifier.v1.task_changed": TaskChanged;
  "notifier.v1.task_completed": TaskCompleted;
  "notifier.v1.task_withdrawn": TaskWithdrawn;
  "workflow.v1.assessment_added": AssessmentAdded;
  "workflow.v1.assessment_changed": AssessmentChanged;
  "workflow.v1.assessment_hidden": AssessmentHidden;
  "workflow.v1.assessment_removed": AssessmentRemoved;
  "workflow.v1.assessment_shown": AssessmentShown;
  "workflow.v1.definition_added": DefinitionAdded;
  "workflow.v1.examined_signed_off": ExaminedSignedOff;
  "workflow.v1.sign_off_notified": SignOffNotified;
  "workflow.v1.signed_off": SignedOff;
  "workload.v1.activity_changed": ActivityChanged;
  "workload.v1.activity_removed": ActivityRemoved;
  "workload.v1.activity_type_changed": ActivityTypeChanged;
  "workload.v1.activity_type_removed": ActivityTypeRemoved;
  "workload.v1.audience_changed": AudienceChanged;
  "workload.v1.category_changed": CategoryChanged;
  "workload.v1.category_removed": CategoryRemoved;
  "workload.v1.module_changed": ModuleChanged;
  "workload.v1.module_removed": ModuleRemoved;
  "workload.v1.package_changed": PackageChanged;
  "workload.v1.post_changed": PostChanged;
  "workload.v1.post_removed": PostRemoved;
  "workload.v1.programme_changed": ProgrammeChanged;
  "workload.v1.programme_removed": ProgrammeRemoved;
}

/** What a call may be refused with: the error's URI without `chalkbell.`. */
export type Refusals =
  | "classroom.v1.error.countdown_running"
  | "classroom.v1.error.no_countdown"
  | "classroom.v1.error.no_session"
  | "classroom.v1.error.not_in_groups"
  | "classroom.v1.error.room_exists"
  | "classroom.v1.error.too_few"
  | "directory.v1.error.last_administrator"
  | "directory.v1.error.not_signed_in"
  | "directory.v1.error.taken"
  | "directory.v1.error.too_many_attempts"
  | "directory.v1.error.too_many_tokens"
  | "directory.v1.error.weak_password"
  | "directory.v1.error.wrong_password"
  | "error.conflict"
  | "error.internal"
  | "error.invalid"
  | "error.not_allowed"
  | "error.not_found"
  | "error.too_many"
  | "error.too_old"
  | "error.unavailable"
  | "notifier.v1.error.already_completed"
  | "notifier.v1.error.not_a_target"
  | "notifier.v1.error.not_completed"
  | "notifier.v1.error.task_archived"
  | "workflow.v1.error.already_there"
  | "workflow.v1.error.bad_definition"
  | "workflow.v1.error.has_sign_offs"
  | "workflow.v1.error.not_an_actor"
  | "workflow.v1.error.not_next"
  | "workflow.v1.error.package_closed"
  | "workload.v1.error.formula_fails"
  | "workload.v1.error.in_use"
  | "workload.v1.error.not_filled"
  | "workload.v1.error.over_allocated"
  | "workload.v1.error.package_closed";
