import { get, post, type List } from "./client";

export interface Rule {
  rule: string;
  rev: number;
  family: string;
  title: string;
  category: string;
  level: string;
  mode: string;
  status: string;
  owner: string;
  blind_spots: string[];
  checklist: string[];
  samples: number;
  file: string;
  line: number;
  hits?: number;
  leads?: number;
  decided?: number;
  errors?: number;
  precision?: number;
  last_fired?: string;
}
export interface RuleFile {
  name: string;
  text: string;
}
export interface Diagnostic {
  severity: "error" | "warning" | "info";
  code: string;
  file: string;
  line: number;
  column: number;
  message: string;
  remedy: string;
}
export interface RuleCheck {
  ok: boolean;
  errors: number;
  rule_set?: string;
  rules?: number;
  marks?: number;
  diagnostics: Diagnostic[];
}
export interface RuleProposal {
  proposal: number;
  rule_set: string;
  base?: string;
  state: string;
  note: string;
  user: string;
  by?: string;
  at: string;
  reviewer?: string;
  reviewed?: string;
  review?: string;
}
export interface Job {
  job: number;
  kind: "diff" | "backtest";
  state: string;
  user: string;
  at: string;
  ended?: string;
  done: number;
  limit: number;
  error?: string;
  result?: Record<string, unknown>;
}
export interface Publication {
  number: number;
  rule_set: string;
  at: string;
  user: string;
  by?: string;
  note?: string;
}

export const listRules = () => get<List<Rule>>("/rules");
export const listRuleFiles = () => get<List<RuleFile>>("/rules/files");
export const checkRules = (files: RuleFile[]) => post<RuleCheck>("/rules/check", { files });
export const explain = (body: object) => post<Explanation>("/rules/explain", body);
export interface Explanation {
  lead: boolean;
  hits: { text: string; field: string; begin: number; end: number; mark?: string; folds?: string[] }[];
  rules: ExplainedRule[];
}
export interface ExplainedRule {
  rule: string;
  rev: number;
  title: string;
  category: string;
  mode: string;
  mark?: string;
  fires: boolean;
  score?: number;
  score_parts?: { label: string; points: number }[];
  missing?: string[] | string; // why it does not fire
  parts: ExplainedPart[];
  signs: ExplainedPart[];
}
export interface ExplainedPart {
  verdict: "PASS" | "FAIL" | "UNKNOWN";
  part: string;
  reason?: string;
  found?: { text?: string; field?: string; folds?: string[]; note?: string }[];
  parts?: ExplainedPart[];
}
