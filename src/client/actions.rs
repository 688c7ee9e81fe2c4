//! What a user does with the chat.

use super::Chat;
use super::platform::storage;
use crate::model::{ConversationId, Error, MessageId, Seq, SortedSet, UserId};
use crate::sync::Event;

impl Chat {
    /// Posts a message.
    ///
    /// # Errors
    /// The message is invalid, or the outbox is full: nothing is sent, and the caller keeps the text.
    pub fn post(self, conversation: ConversationId, body: String) -> Result<(), Error> {
        self.check_post(&body)?;
        self.dispatch(Event::Post { conversation, body });
        Ok(())
    }

    /// Removes what this browser stores of a user who signs out: unsent messages and drafts.
    pub fn clear_local_data(self) {
        if let Some(me) = self.my_id() {
            storage::clear(me);
        }
    }

    pub fn retry(self, id: MessageId) {
        self.dispatch(Event::Retry(id));
    }

    pub fn discard(self, id: MessageId) {
        self.dispatch(Event::Discard(id));
    }

    pub fn load_older(self, conversation: ConversationId) {
        self.dispatch(Event::LoadOlder(conversation));
    }

    pub fn load_newer(self, conversation: ConversationId) {
        self.dispatch(Event::LoadNewer(conversation));
    }

    pub fn load_latest(self, conversation: ConversationId) {
        self.dispatch(Event::LoadLatest(conversation));
    }

    /// Sets the conversation whose newest message is on the screen of a focused window, if any.
    pub fn set_viewing(self, at: Option<ConversationId>) {
        self.dispatch(Event::Viewing(at));
    }

    pub fn mark_read(self, conversation: ConversationId) {
        self.dispatch(Event::MarkRead(conversation));
    }

    pub fn mark_unread(self, conversation: ConversationId, from: Seq) {
        self.dispatch(Event::MarkUnread(conversation, from));
    }

    pub fn typing(self, conversation: ConversationId) {
        self.dispatch(Event::Typing(conversation));
    }

    /// Sets the users that the page shows beside the conversation list, to watch their presence.
    pub fn watch_presence(self, people: SortedSet<UserId>) {
        self.dispatch(Event::WatchPresence(people));
    }

    pub fn echo(self, text: String) {
        self.dispatch(Event::Echo(text));
    }

    pub fn ping(self) {
        self.dispatch(Event::Ping);
    }

    pub fn status(self) {
        self.dispatch(Event::Status);
    }

    /// Reconnects at once.
    pub fn retry_now(self) {
        self.dispatch(Event::RetryNow);
    }

    /// The draft of a message in a conversation; empty if there is none.
    pub fn draft(self, conversation: ConversationId) -> String {
        self.my_id().map(|me| storage::draft(me, conversation)).unwrap_or_default()
    }

    /// Saves the draft of a message; an empty text removes it.
    pub fn keep_draft(self, conversation: ConversationId, text: &str) {
        if let Some(me) = self.my_id() {
            storage::keep_draft(me, conversation, text);
            self.note_draft(conversation, storage::is_draft(text));
        }
    }
}
