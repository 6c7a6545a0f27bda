import { ElMessage } from "element-plus";
import { ApiError } from "@/api/client";
import { words } from "@/i18n";

/** Says what went wrong; the server's own sentence where it has one. */
export function complain(error: unknown): void {
  if (error instanceof ApiError) {
    if (error.status === 401) return;
    const text = error.status === 0 ? words.value.app.offline : error.message || words.value.app.failed;
    ElMessage.error({ message: error.status === 409 ? words.value.decide.conflict : text, grouping: true });
    return;
  }
  throw error;
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
