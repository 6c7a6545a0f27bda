// Records as the server gives them (docs/commands.md); an absent field is unknown.

export interface Hit {
  rule?: string;
  mark?: string;
  category?: string;
  text: string;
  field: string;
  begin: number; // bytes of the field in UTF-8
  end: number;
  folds: string[];
}
export interface Sign {
  kind: string;
  label: string;
  text: string;
  field?: string;
  begin?: number;
  end?: number;
  score: number;
}
export interface Citation {
  law?: string;
  version?: string;
  article?: string;
  effective_from?: string;
  effective_to?: string;
  certainty?: string;
}
export interface Sales {
  label: string;
  amount: string;
  units?: number;
  units_without_price?: number;
  lower_bound: boolean;
  first_sold?: number;
  first_amount: string;
  first_at?: string;
  first_lower_bound?: boolean;
}
export interface Lead {
  lead: string;
  page: string;
  url?: string;
  id?: string;
  kind: "goods" | "live" | "shop" | "agency";
  title?: string;
  price?: string;
  price_max?: string;
  currency?: string;
  sold?: number;
  sold_at_least?: boolean;
  seller?: string;
  seller_id?: string;
  location?: string;
  origin?: string;
  images?: string[];
  text?: string;
  platform?: string;
  state?: string;
  viewers?: number;
  room_operator?: string;
  marketing_person?: string;
  merchants?: string[];
  found_by?: string;
  rule: string;
  rev: number;
  family: string;
  mark?: string;
  mark_name?: string;
  category: string;
  behavior_code?: string;
  legal_basis: Citation[];
  hits: Hit[];
  signs: Sign[];
  level?: string;
  mode: string;
  score: number;
  score_parts: { label: string; points: number }[];
  notes?: string[];
  status: string;
  reason?: string;
  note?: string;
  to?: string;
  case?: string;
  until?: string;
  duplicate_of?: string;
  decided_at?: string;
  decided_by?: string;
  number?: string;
  registered?: string;
  deadline?: {
    term: string;
    start: string;
    due: string;
    over?: boolean;
    extensions?: number;
    approver?: string;
    warning?: string;
  };
  presence?: "on_sale" | "gone";
  presence_at?: string;
  notice?: string;
  revision: number;
  first_seen: string;
  last_seen: string;
  sightings: number;
  source: string;
  namespace: string;
  rule_set: string;
  jurisdiction?: string;
  jurisdiction_basis?: { place: string; county?: string; basis: string; certainty: string; text?: string };
  dispatch?: {
    state: string;
    county: string;
    assigned: string;
    signed?: string;
    due?: string;
    over?: boolean;
    feedback?: string;
    urged?: number;
    supervised?: boolean;
    returned_by?: string;
  };
  silenced?: number;
  sales_estimate?: Sales;
  cluster?: string;
  clusters?: string[];
  statutory_lines?: {
    line: string;
    name: string;
    yuan: number;
    use: "penalty" | "referral";
    basis: string;
    certainty: string;
    estimate: string;
  }[];
  campaign?: string;
  tags?: string[];
  capture?: Capture;
}
export interface Capture {
  file: string;
  offset: number;
  length: number;
  sha256: string;
  sm3?: string;
}
export interface PageCapture {
  capture: string; // how /captures/view knows it
  page: string;
  seen: string;
  length: number;
  sha256: string;
  sm3?: string;
}
export interface Row {
  row: string;
  revision: number; // of the decision on it
  seller?: string;
  mark?: string;
  mark_name?: string;
  leads: number;
  more_leads?: boolean;
  undecided: number;
  more_undecided?: boolean;
  decided?: { status: string; reason: string; note?: string; at: string; by?: string; covered?: number };
  new_entries?: number;
  score: number;
  first_seen: string;
  last_seen: string;
  sales_estimate?: Sales; // the city's alone
  strongest: Lead;
}
export interface Sighting {
  lead: string;
  seen: string;
  page: string;
  changed: boolean;
  capture?: Capture;
}
export interface Entry {
  lead: string;
  entry: string;
  number: number;
  at: string;
  user: string;
  by?: string;
  before?: string;
  after?: string;
  reason?: string;
}
export interface Silence {
  silence: number;
  seller?: string;
  phrase?: string;
  listing?: string;
  mark?: string;
  rule?: string;
  family?: string;
  reason: string;
  proof?: string;
  at: string;
  user: string;
  by?: string;
  until?: string;
  ended?: string;
  in_force: boolean;
  hits: number;
  leads: number;
  last_hit?: string;
}
