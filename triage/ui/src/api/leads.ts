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

const row = (key: string) => `/rows/${encodeURIComponent(key)}`;
const lead = (id: string) => `/leads/${encodeURIComponent(id)}`;
export const decideRow = (key: string, decision: Decision) => post(row(key) + "/decision", decision);
export const undoRow = (key: string, note = "") => post(row(key) + "/undo", { note });
export const decideLead = (id: string, revision: number, decision: Decision) =>
  post(lead(id) + "/decision", { revision, ...decision });
export const registerLead = (id: string, revision: number, note: string) =>
  post(lead(id) + "/registration", { revision, note });
export const undoLead = (id: string, revision: number) => post(lead(id) + "/undo", { revision });
export const dispatchLead = (id: string, step: string, body: Record<string, unknown>) =>
  post(`${lead(id)}/${step}`, body);
