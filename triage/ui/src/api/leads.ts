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
/** The revision says which decision was seen on it: one that another officer made since is not decided over. */
export const decideRow = (row: Row, decision: Decision) =>
  post<List<Lead>>("/rows/decide", { row: row.row, revision: row.revision, ...decision });
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
  | "tag"
  | "urge"
  | "supervise";
/** One step in the life of a lead; the revision says which state of it was seen. */
export const stepLead = (lead: Lead, step: Step, body: object = {}) =>
  post<Lead>(`/leads/${encodeURIComponent(lead.lead)}/${step}`, { revision: lead.revision, ...body });

export interface TagChange {
  add: string[];
  remove: string[];
  note?: string;
}

/** The leads inside a row. */
export const leadsOfRow = async (row: string, status: string) => (await listLeads({ row, status, limit: 500 })).items;
export interface BulkResult {
  lead: string;
  ok: boolean;
  message?: string; // why not
}
/** One action on many leads, each by itself. */
export const bulk = async (leads: string[], action: Step, body: object) =>
  (await post<List<BulkResult>>("/leads/bulk", { leads: leads.slice(0, 500), action, arguments: body })).items;
