//! The order of the conversation list.

use crate::model::{ConversationId, ConversationKind, ConversationSummary, Seq, SortedMap, SortedSet};
use std::cmp::Reverse;

/// A conversation's place in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListEntry {
    pub id: ConversationId,
    pub is_direct: bool,
    /// A direct conversation begins with its first message; until then only whoever opened it sees it.
    pub has_begun: bool,
}

/// What a conversation is sorted by: General, rooms by name, then direct conversations, the most recent first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct SortKey {
    section: u8,
    recency: Reverse<i64>,
    name: String,
    id: ConversationId,
    has_begun: bool,
}

impl SortKey {
    fn of(summary: &ConversationSummary) -> Self {
        let id = summary.conversation.id;
        let has_begun = summary.head > Seq(0);
        let (section, recency, name) = match summary.conversation.kind {
            ConversationKind::General => (0, 0, String::new()),
            ConversationKind::Public | ConversationKind::Private | ConversationKind::Unknown => {
                let name = &summary.conversation.name;
                (1, 0, name.chars().flat_map(char::to_lowercase).collect())
            }
            ConversationKind::Direct => (2, summary.at.0, String::new()),
        };
        SortKey { section, recency: Reverse(recency), name, id, has_begun }
    }
}

/// The sorted list. A change of one conversation costs a look-up, not another sort.
#[derive(Debug, Default)]
pub struct ConversationOrder {
    keys: SortedMap<ConversationId, SortKey>,
    sorted: SortedSet<SortKey>,
}

impl ConversationOrder {
    /// The order of these conversations.
    pub fn of<'a>(summaries: impl Iterator<Item = &'a ConversationSummary>) -> Self {
        let mut order = ConversationOrder::default();
        summaries.for_each(|summary| {
            order.update(summary);
        });
        order
    }

    /// Adds or moves a conversation. Returns whether the list changed.
    pub fn update(&mut self, summary: &ConversationSummary) -> bool {
        let key = SortKey::of(summary);
        let before = self.keys.insert(key.id, key.clone());
        if before.as_ref() == Some(&key) {
            return false;
        }
        before.iter().for_each(|before| {
            self.sorted.remove(before);
        });
        self.sorted.insert(key);
        true
    }

    pub fn entries(&self) -> Vec<ListEntry> {
        let entry = |key: &SortKey| ListEntry { id: key.id, is_direct: key.section == 2, has_begun: key.has_begun };
        self.sorted.iter().map(entry).collect()
    }
}

/// The same conversations with those of `top` first; both parts keep their order.
pub fn unread_first(ids: Vec<ConversationId>, top: &SortedSet<ConversationId>) -> Vec<ConversationId> {
    let (mut first, rest): (Vec<_>, Vec<_>) = ids.into_iter().partition(|id| top.contains(id));
    first.extend(rest);
    first
}

/// The conversations that come first: those with unread messages, and the open one as long as it is open if it was among
/// them `before`. Reading it does not move it away from under the pointer, or from between its neighbours.
pub fn with_open(
    mut unread: SortedSet<ConversationId>,
    open: Option<ConversationId>,
    before: &SortedSet<ConversationId>,
) -> SortedSet<ConversationId> {
    if let Some(open) = open.filter(|open| before.contains(open)) {
        unread.insert(open);
    }
    unread
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Conversation, Millis, ReadPosition, Rev};

    fn summary(id: i64, kind: ConversationKind, name: &str, at: i64) -> ConversationSummary {
        let conversation = Conversation {
            id: ConversationId(id),
            rev: Rev(1),
            kind,
            name: name.into(),
            topic: String::new(),
            owner: None,
            member_count: 2,
        };
        ConversationSummary {
            conversation,
            with: None,
            rev: Rev(1),
            head: Seq(1),
            at: Millis(at),
            others_message_count: 0,
            read: ReadPosition::default(),
        }
    }

    fn ids(order: &ConversationOrder) -> Vec<i64> {
        order.entries().into_iter().map(|entry| entry.id.0).collect()
    }

    #[test]
    fn general_comes_first_then_rooms_by_name_then_direct_conversations_by_recency() {
        let all = [
            summary(1, ConversationKind::Direct, "", 10),
            summary(2, ConversationKind::Public, "Quay", 99),
            summary(3, ConversationKind::Private, "harbour", 5),
            summary(4, ConversationKind::General, "General", 0),
            summary(5, ConversationKind::Direct, "", 20),
        ];
        let mut order = ConversationOrder::of(all.iter());
        assert_eq!(ids(&order), [4, 3, 2, 5, 1]);
        assert!(!order.update(&summary(2, ConversationKind::Public, "Quay", 100)), "a message moves no room");
        assert!(order.update(&summary(1, ConversationKind::Direct, "", 30)), "and moves a direct conversation");
        assert_eq!(ids(&order), [4, 3, 2, 1, 5]);
        assert!(order.update(&summary(2, ConversationKind::Public, "Anchor", 100)));
        assert_eq!(ids(&order), [4, 2, 3, 1, 5]);
    }

    #[test]
    fn unread_conversations_come_first_and_both_parts_keep_their_order() {
        let ids = [5, 1, 4, 2, 3].map(ConversationId).to_vec();
        let top = [4, 5, 9].map(ConversationId).into_iter().collect();
        assert_eq!(unread_first(ids, &top), [5, 4, 1, 2, 3].map(ConversationId));
    }

    #[test]
    fn a_conversation_that_is_read_keeps_its_place_until_it_is_left() {
        let set = |ids: &[i64]| ids.iter().copied().map(ConversationId).collect::<SortedSet<_>>();
        let open = |id: i64| Some(ConversationId(id));
        let before = with_open(set(&[1, 2]), open(7), &set(&[]));
        assert_eq!(before, set(&[1, 2]), "one that was read already is not moved");
        let reading = with_open(set(&[2]), open(1), &before);
        assert_eq!(reading, set(&[1, 2]));
        assert_eq!(with_open(set(&[2]), open(1), &reading), set(&[1, 2]));
        assert_eq!(with_open(set(&[]), open(2), &reading), set(&[2]), "left: only the next one stays");
    }

    #[test]
    fn a_direct_conversation_that_begins_is_a_change_of_the_list() {
        let mut new = summary(1, ConversationKind::Direct, "", 10);
        new.head = Seq(0);
        let mut order = ConversationOrder::of([&new].into_iter());
        assert!(!order.entries()[0].has_begun);
        new.head = Seq(1);
        assert!(order.update(&new));
        assert!(order.entries()[0].has_begun);
    }
}
