//! What a person does with the chat.

use super::Chat;
use super::platform::storage;
use crate::model::sorted::SortedSet;
use crate::model::{ConversationId, MessageId, Seq, UserId};
use crate::sync::Event;

impl Chat {
    pub fn post(self, conversation: ConversationId, body: String) {
        self.tell(Event::Post { conversation, body });
    }

    pub fn retry(self, id: MessageId) {
        self.tell(Event::Retry(id));
    }

    pub fn discard(self, id: MessageId) {
        self.tell(Event::Discard(id));
    }

    pub fn want_older(self, conversation: ConversationId) {
        self.tell(Event::WantOlder(conversation));
    }

    pub fn want_newer(self, conversation: ConversationId) {
        self.tell(Event::WantNewer(conversation));
    }

    pub fn want_latest(self, conversation: ConversationId) {
        self.tell(Event::WantLatest(conversation));
    }

    /// The newest message of this conversation is on the screen of a focused window; none is.
    pub fn looking(self, at: Option<ConversationId>) {
        self.tell(Event::Looking(at));
    }

    pub fn mark_read(self, conversation: ConversationId) {
        self.tell(Event::MarkRead(conversation));
    }

    pub fn mark_unread(self, conversation: ConversationId, from: Seq) {
        self.tell(Event::MarkUnread(conversation, from));
    }

    pub fn types(self, conversation: ConversationId) {
        self.tell(Event::Typing(conversation));
    }

    /// The page shows these people beside the list.
    pub fn showing(self, people: SortedSet<UserId>) {
        self.tell(Event::Showing(people));
    }

    pub fn echo(self, text: String) {
        self.tell(Event::Echo(text));
    }

    pub fn ping(self) {
        self.tell(Event::Ping);
    }

    pub fn status(self) {
        self.tell(Event::Status);
    }

    /// Tries to connect at once.
    pub fn try_now(self) {
        self.tell(Event::Nudged);
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
