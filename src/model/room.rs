//! The form that creates and changes a room, and its rules.

use super::message::is_blank;
use super::{Conversation, Error, Field, FieldProblem, Person, PersonPage, UserId};
use serde::{Deserialize, Serialize};

/// The most characters of a room's name and topic.
pub const NAME_MAX: usize = 80;
pub const TOPIC_MAX: usize = 250;
/// The most rooms that one user owns, so that nobody fills the list of public rooms. Only inheriting may pass it.
pub const OWNED_ROOMS_MAX: i64 = 100;

/// The form of a room, as submitted.
#[derive(Clone, Debug, Default)]
pub struct RoomForm {
    pub name: String,
    pub topic: String,
}

/// A room's name and topic, valid and normalised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomText {
    pub name: String,
    pub topic: String,
}

impl RoomForm {
    /// Checks both fields and folds white space.
    ///
    /// # Errors
    /// `Invalid`, with one problem for each field that breaks a rule.
    pub fn check(&self) -> Result<RoomText, Error> {
        let (name, topic) = (folded(&self.name), folded(&self.topic));
        let mut fields = Vec::new();
        let mut refuse = |field, message: String| fields.push(FieldProblem { field, message });
        if name.chars().all(is_blank) {
            refuse(Field::Name, "Give the room a name.".into());
        } else if name.chars().count() > NAME_MAX {
            refuse(Field::Name, format!("A room's name has up to {NAME_MAX} characters."));
        } else if has_unprintable(&name) {
            refuse(Field::Name, "This name contains characters that cannot be shown.".into());
        }
        if topic.chars().count() > TOPIC_MAX {
            refuse(Field::Topic, format!("A topic has up to {TOPIC_MAX} characters."));
        } else if has_unprintable(&topic) {
            refuse(Field::Topic, "This topic contains characters that cannot be shown.".into());
        }
        if fields.is_empty() { Ok(RoomText { name, topic }) } else { Err(Error::fields(fields)) }
    }
}

/// A room as one user sees it: what the page of a room, and the panel beside it, start from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomDetails {
    pub room: Conversation,
    pub me: UserId,
    /// Whether the user is a member.
    pub joined: bool,
    /// Whether the user may change its name and topic.
    pub may_change: bool,
    /// Whether the user may add and remove members, and transfer ownership.
    pub may_manage_members: bool,
    pub may_leave: bool,
    pub may_delete: bool,
    /// A page of its members; members alone see them.
    pub members: Option<PersonPage>,
    /// Some people who can be added, if the user may add them.
    pub candidates: Vec<Person>,
}

/// A text with its white space folded, and none around it.
pub(super) fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Control characters, and those that change the direction of the text after them.
pub(super) fn has_unprintable(text: &str) -> bool {
    text.chars().any(|c| {
        let changes_direction =
            matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        // Marks of interlinear text, shorthand and music, which are invisible by themselves.
        let is_invisible = matches!(c, '\u{fff9}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}');
        c.is_control() || changes_direction || is_invisible
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Result<RoomText, Error> {
        RoomForm { name: name.to_owned(), topic: String::new() }.check()
    }

    #[test]
    fn a_name_has_one_to_eighty_characters_with_a_visible_one() {
        assert_eq!(named("  Harbour \t crew ").unwrap().name, "Harbour crew");
        assert!(named("é").is_ok() && named(&"🎉".repeat(80)).is_ok());
        for nameless in ["", "   ", "\u{200b}", "\u{3164}"] {
            assert_eq!(named(nameless).unwrap_err().of(Field::Name), Some("Give the room a name."), "{nameless:?}");
        }
        let error = named(&"é".repeat(81)).unwrap_err();
        assert_eq!(error.of(Field::Name), Some("A room's name has up to 80 characters."));
    }

    #[test]
    fn characters_that_change_the_text_direction_are_refused() {
        for name in
            ["\u{61c}abc", "\u{1d173}", "\u{fff9}General", "abc\u{202e}def", "\u{200f}abc", "a\u{2066}b", "a\u{0}b"]
        {
            assert!(named(name).unwrap_err().of(Field::Name).is_some(), "{name:?}");
        }
        assert!(named("חדר").is_ok(), "a script that runs from right to left needs none of them");
    }

    #[test]
    fn both_fields_are_checked_at_once() {
        let error = RoomForm { name: String::new(), topic: "x".repeat(251) }.check().unwrap_err();
        assert!(error.of(Field::Name).is_some() && error.of(Field::Topic).is_some());
    }
}
