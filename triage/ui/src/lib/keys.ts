// Single-key commands, Gmail's habit: they rest while somebody types or a dialog is open.
import { onBeforeUnmount, onMounted } from "vue";

export interface Key {
  key: string; // KeyboardEvent.key; letters in lower case
  label: string; // what it does, for the help
  run: () => void;
}

function isTyping(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  return !!element && (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName));
}

export function useKeys(keys: () => Key[], active: () => boolean = () => true): void {
  const listen = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (!active() || isTyping(event.target)) return;
    const pressed = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const found = keys().find((k) => k.key === pressed);
    if (!found) return;
    event.preventDefault();
    found.run();
  };
  onMounted(() => window.addEventListener("keydown", listen));
  onBeforeUnmount(() => window.removeEventListener("keydown", listen));
}
