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

const most = 500; // of one request

/** All leads that the filter asks for; ends once there are more than `enough`. */
export async function allLeads(filter: Params, enough: number): Promise<Lead[]> {
  const leads: Lead[] = [];
  let after: string | undefined = "";
  while (after !== undefined && leads.length <= enough) {
    const part: List<Lead> = await listLeads({ ...filter, limit: most, after });
    leads.push(...part.items);
    after = part.next;
  }
  return leads;
}
/** The leads inside a row. */
export const leadsOfRow = (row: string, status: string) => allLeads({ row, status }, Infinity);
export interface BulkResult {
  lead: string;
  ok: boolean;
  message?: string; // why not
}
/** One action on however many leads, each by itself. */
export async function bulk(leads: string[], action: Step, body: object): Promise<BulkResult[]> {
  const results: BulkResult[] = [];
  for (let i = 0; i < leads.length; i += most) {
    const part = leads.slice(i, i + most);
    results.push(...(await post<List<BulkResult>>("/leads/bulk", { leads: part, action, arguments: body })).items);
  }
  return results;
}
