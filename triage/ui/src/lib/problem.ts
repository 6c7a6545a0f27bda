import { ElMessage } from "element-plus";
import { ApiError } from "@/api/client";
import { language, named, words } from "@/i18n";

/** What went wrong, in the reader's language; what the server says in another comes behind it. */
export function sentence(error: ApiError): string {
  if (error.status === 0) return words.value.app.offline;
  if (error.status === 409) return words.value.decide.conflict;
  if (!error.message) return words.value.app.failed;
  const readable = language.value !== "zh" || /\p{Script=Han}/u.test(error.message);
  return readable ? error.message : `${named(words.value.app.problem, error.code)}（${error.message}）`;
}
export function complain(error: unknown): void {
  if (!(error instanceof ApiError)) throw error;
  if (error.status !== 401) ElMessage.error({ message: sentence(error), grouping: true });
}
let said: { close(): void } | undefined;
/** What was done. The next one takes its place: who decides a row a second would not see the rows for messages. */
export function say(text: string): void {
  said?.close();
  said = ElMessage.success({ message: text, duration: 1500, offset: 4 });
}
/** What the reader should notice, though nothing went wrong here. */
export function warn(text: string): void {
  ElMessage.warning({ message: text, duration: 6000, grouping: true });
}
/** Does what a person asked for, and says that it is done or why not. */
export async function act(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
    say(words.value.app.done);
  } catch (error) {
    complain(error);
  }
}
