//! What a person does with the chat.

use super::Chat;
use super::platform::storage;
use crate::model::{ConversationId, Error, MessageId, Seq, UserId};
use crate::sync::Event;
use std::collections::BTreeSet;

impl Chat {
    /// Sends a message off.
    ///
    /// # Errors
    /// What is wrong with it, or that the outbox is full: nothing was sent, and the text stays with whoever wrote it.
    pub fn post(self, conversation: ConversationId, body: String) -> Result<(), Error> {
        self.admit(&body)?;
        self.dispatch(Event::Post { conversation, body });
        Ok(())
    }

    /// Forgets what this browser keeps of a user who signs out: unsent messages and drafts.
    pub fn forget_unsent(self) {
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

    /// The newest message of this conversation is on the screen of a focused window; none is.
    pub fn looking(self, at: Option<ConversationId>) {
        self.dispatch(Event::Viewing(at));
    }

    pub fn mark_read(self, conversation: ConversationId) {
        self.dispatch(Event::MarkRead(conversation));
    }

    pub fn mark_unread(self, conversation: ConversationId, from: Seq) {
        self.dispatch(Event::MarkUnread(conversation, from));
    }

    pub fn types(self, conversation: ConversationId) {
        self.dispatch(Event::Typing(conversation));
    }

    /// The page shows these people beside the list.
    pub fn showing(self, people: BTreeSet<UserId>) {
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

    /// Tries to connect at once.
    pub fn try_now(self) {
        self.dispatch(Event::RetryNow);
    }

    /// What a person has begun to write in a conversation.
    pub fn draft(self, conversation: ConversationId) -> String {
        self.my_id().map(|me| storage::draft(me, conversation)).unwrap_or_default()
    }

    /// Keeps what a person has begun to write; nothing forgets it.
    pub fn keep_draft(self, conversation: ConversationId, text: &str) {
        if let Some(me) = self.my_id() {
            storage::keep_draft(me, conversation, text);
        }
    }
}
