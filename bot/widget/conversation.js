// The conversation: its session, and what the visitor said that the server has not answered yet.
// Only the session's token is kept, for this tab; what was said comes from the server.
import { newKey, Trouble } from "./api.js";

/** Whether a message says that the chat was deleted. */
export const saysDeleted = ({ subject, detail }) => subject === "privacy" && detail === "forgotten";

/**
 * `on` is told what happens: `restored(messages)`, `greeted(messages)`, `sending(item)`, `answered(item, messages)`,
 * `unsent(item)`, `trouble(trouble, again)`, `busy(yes)`. An item is `{text, choice?, key, session}`.
 */
export function createConversation(api, storageKey, on) {
  let token = recall();
  const codes = new Map(); // by session: what a visitor may tell the clinic to have the chat deleted
  const onScreen = new Set(token ? [token] : []); // an ended session's words stay there: they can be deleted, too
  let working = false;
  let beginning = null;
  const queue = [];

  function recall() {
    try {
      return sessionStorage.getItem(storageKey);
    } catch {
      return null; // storage may be switched off: the chat then lasts as long as the page
    }
  }

  function keep(value) {
    token = value;
    try {
      if (value) sessionStorage.setItem(storageKey, value);
      else sessionStorage.removeItem(storageKey);
    } catch {
      return;
    }
  }

  async function start() {
    const session = await api.start();
    keep(session.token);
    onScreen.add(token);
    codes.set(token, session.reference);
    on.greeted(session.messages);
  }

  /** Runs one piece of work; whatever fails becomes trouble with a way to try again. */
  async function attempt(work, again = () => attempt(work)) {
    on.busy(true);
    try {
      await work();
      return true;
    } catch (error) {
      on.trouble(known(error), again);
      return false;
    } finally {
      on.busy(false);
    }
  }

  function known(error) {
    if (!(error instanceof Trouble)) throw error;
    if (error.kind === "ended") keep(null);
    return error;
  }

  /** The conversation so far, or a new one's greeting. */
  function begin() {
    beginning = attempt(async () => {
      if (!token) return start();
      let before;
      try {
        before = await api.history(token);
      } catch (error) {
        if (known(error).kind !== "ended") throw error;
        return start();
      }
      codes.set(token, before.reference);
      on.restored(before.messages);
    });
    return beginning;
  }

  function say(text, choice) {
    send({ text, choice, key: newKey(), session: token });
  }

  /** Sends an item, or sends it again with the same key: what was answered before is not said twice. */
  function send(item) {
    if (queue.includes(item)) return;
    on.sending(item);
    queue.push(item);
    deliver();
  }

  async function deliver() {
    if (working) return;
    working = true;
    await beginning; // who types fast is answered in the conversation that is being opened
    on.busy(true);
    while (queue.length) {
      try {
        if (!token) await start();
        const item = queue[0];
        // A button of a conversation that has ended is not known to the next one; its words are.
        const body = item.choice && item.session === token ? { choice: item.choice } : { text: item.text };
        const { messages } = await api.say(token, body, item.key);
        queue.shift();
        if (messages.some(saysDeleted)) await learnCode();
        on.answered(item, messages);
      } catch (error) {
        const items = queue.splice(0);
        items.forEach(on.unsent);
        on.trouble(known(error), () => items.forEach(send));
      }
    }
    working = false;
    on.busy(false);
  }

  /** What goes on after a deletion has another code; without it a transcript goes without. */
  async function learnCode() {
    codes.delete(token);
    try {
      codes.set(token, (await api.history(token)).reference);
    } catch {
      return;
    }
  }

  async function forget() {
    for (const each of onScreen) {
      try {
        await api.forget(each);
      } catch (error) {
        if (error.kind !== "ended") throw error; // else it was deleted before
      }
    }
    leave();
  }

  function leave() {
    onScreen.clear();
    codes.clear();
    keep(null);
  }

  return {
    get codes() {
      return [...codes.values()];
    },
    begin,
    say,
    send,
    judge: (id, helpful, comment) => api.judge(token, { message_id: id, helpful, ...(comment && { comment }) }),
    leave,
    /** Leaves this conversation, deleted from the server if wanted; resolves to whether that was done. */
    end: (deleted) => attempt(async () => (deleted ? forget() : leave())),
  };
}
