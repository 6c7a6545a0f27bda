import { get, post, type List, type Params } from "./client";
import type { Entry, Lead, Row, Sighting } from "./types";

export interface Decision {
  status: string;
  reason: string;
  note?: string;
  to?: string;
  case?: string;
  until?: string;
  of?: string;
}

export const listRows = (filter: Params) => get<List<Row>>("/rows", filter);
export const listLeads = (filter: Params) => get<List<Lead>>("/leads", filter);
export const countLeads = (filter: Params) => get<{ leads: number; more?: boolean }>("/leads/count", filter);
export interface LeadPage {
  lead: Lead;
  sightings: Sighting[];
  entries: Entry[];
}
export const showLead = (id: string) => get<LeadPage>(`/leads/${encodeURIComponent(id)}`);
export const decideRow = (row: string, decision: Decision) => post<List<Lead>>("/rows/decide", { row, ...decision });
export const undoRow = (row: string) => post<List<Lead>>("/rows/undo", { row });

export type Step =
  | "decide"
  | "register"
  | "undo"
  | "extend"
  | "place"
  | "assign"
  | "sign"
  | "feedback"
  | "return"
  | "urge"
  | "supervise";
/** One step in the life of a lead; the revision says which state of it was seen. */
export const stepLead = (lead: Lead, step: Step, body: object = {}) =>
  post<Lead>(`/leads/${encodeURIComponent(lead.lead)}/${step}`, { revision: lead.revision, ...body });
