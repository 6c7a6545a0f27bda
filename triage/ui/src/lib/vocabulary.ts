// The coded words of decisions: which status may follow which, and the reasons that go with each. The server has the last
// word; this decides what is offered, and says why something is not.

export type Status =
  | "new"
  | "checking"
  | "filed"
  | "referred"
  | "platform"
  | "ruled_out"
  | "deferred"
  | "duplicate"
  | "closed";

export const statuses: Status[] = [
  "new",
  "checking",
  "filed",
  "referred",
  "platform",
  "ruled_out",
  "deferred",
  "duplicate",
  "closed",
];

const open: Status[] = ["checking", "referred", "platform", "ruled_out", "deferred", "duplicate"];

/** What may follow, as store/decision.cc has it. The same status again corrects its reason. */
export const next: Record<Status, Status[]> = {
  new: open,
  deferred: open,
  checking: ["filed", "referred", "platform", "ruled_out", "deferred", "duplicate", "closed"],
  filed: ["referred", "closed"],
  referred: ["checking", "closed"],
  platform: ["checking", "referred", "ruled_out", "closed"],
  ruled_out: ["checking"],
  closed: ["checking"],
  duplicate: ["checking", "ruled_out"],
};

export const reasons: Record<Status, string[]> = {
  new: [],
  checking: ["suspected", "reopened"],
  filed: ["suspected"],
  referred: ["suspected", "no_jurisdiction", "other_office", "criminal", "organised_crime", "industry_disorder"],
  platform: ["suspected", "removed", "handled"],
  ruled_out: [
    "authorised",
    "fair_use",
    "place_name",
    "not_trademark_use",
    "expired",
    "rule_error",
    "extract_error",
    "no_jurisdiction",
    "insufficient",
    "removed",
  ],
  deferred: ["waiting", "insufficient"],
  duplicate: ["repeated"],
  closed: ["handled", "insufficient", "removed", "other_office", "not_filed"],
};

export const categories = [
  "trademark",
  "trademark_use",
  "well_known_claim",
  "trademark_printing",
  "gi",
  "special_mark",
  "olympic",
  "official_sign",
  "patent_marking",
  "agency",
  "overseas",
] as const;

/** The key that begins a decision in a list, Gmail's habit of one letter each. */
export const decisionKeys: { key: string; status: Status }[] = [
  { key: "x", status: "ruled_out" },
  { key: "c", status: "checking" },
  { key: "p", status: "platform" },
  { key: "y", status: "referred" },
  { key: "d", status: "deferred" },
  { key: "r", status: "duplicate" },
];
