//! Users, and the rules of their names and email addresses.

use super::message::is_blank;
use super::{Error, Field, UserId, string_enum};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A user's role in the installation. The first account is its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Owner,
    Member,
    /// A word of a newer server.
    Unknown,
}

string_enum!(Role {
    Owner => "owner",
    Member => "member",
} else Unknown);

/// A user as others see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub id: UserId,
    pub username: String,
    pub first_name: String,
    pub last_name: String,
}

impl Person {
    /// First and last name, in that order.
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }

    /// Up to two letters to show in place of a picture, as they are in the name: the style shows them as capitals. Names in
    /// scripts without letter case give one letter, as their readers expect.
    pub fn initials(&self) -> String {
        let first = self.first_name.chars().find(|c| c.is_alphanumeric());
        let last = self.last_name.chars().find(|c| c.is_alphanumeric());
        match (first, last) {
            (Some(a), Some(b)) if a.is_ascii() || a.is_uppercase() || a.is_lowercase() => [a, b].into_iter().collect(),
            (Some(a), _) | (None, Some(a)) => a.into(),
            (None, None) => self.username.chars().take(1).collect(),
        }
    }

    /// The hue (OKLCH, degrees) of the person's colour, always the same. Multiples of the golden angle give people with
    /// neighbouring ids very different hues.
    pub fn hue(&self) -> i64 {
        (self.id.0.rem_euclid(360) * 137 + 41).rem_euclid(360)
    }
}

/// The signed-in user, as they see themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    pub person: Person,
    pub email: String,
    pub role: Role,
    /// Whether they may invite others. Missing from an older server.
    #[serde(default)]
    pub may_invite: bool,
}

pub const USERNAME_MIN: usize = 2;
pub const USERNAME_MAX: usize = 32;
/// The most characters of a first or last name.
pub const NAME_MAX: usize = 100;
/// The most bytes of an email address (RFC 5321, section 4.5.3.1.3, less the brackets).
pub const EMAIL_MAX: usize = 254;

/// Usernames that could be mistaken for the program, its staff or everyone.
pub const RESERVED: &[&str] = &[
    "admin",
    "administrator",
    "all",
    "anonymous",
    "bot",
    "channel",
    "everybody",
    "everyone",
    "guest",
    "help",
    "here",
    "hubbub",
    "info",
    "mail",
    "me",
    "mod",
    "moderator",
    "nobody",
    "noreply",
    "no-reply",
    "null",
    "official",
    "operator",
    "owner",
    "postmaster",
    "room",
    "root",
    "security",
    "server",
    "staff",
    "support",
    "system",
    "team",
    "undefined",
    "webmaster",
    "you",
];

/// The refusal of a reserved name, or of one that looks like it.
pub const RESERVED_REFUSAL: &str = "This name is reserved. Please choose another.";

/// A username: 2–32 letters, digits, `.`, `_` and `-`, starting with a letter or digit; stored in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Username(String);

impl Username {
    /// # Errors
    /// `Invalid`, with the sentence for the form.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let refuse = |why: &str| Err(Error::field(Field::Username, why));
        let text: String = text.trim().chars().flat_map(char::to_lowercase).collect();
        if text.is_empty() {
            return refuse("Choose a username.");
        }
        if !text.chars().all(|c| c.is_alphanumeric() && !is_blank(c) || matches!(c, '.' | '_' | '-')) {
            return refuse("Only letters, digits, dots, underscores and hyphens, please.");
        }
        if !text.starts_with(char::is_alphanumeric) {
            return refuse("A username begins with a letter or a digit.");
        }
        let length = text.chars().count();
        if !(USERNAME_MIN..=USERNAME_MAX).contains(&length) {
            return refuse("A username has 2 to 32 characters.");
        }
        if RESERVED.contains(&text.as_str()) {
            return refuse(RESERVED_REFUSAL);
        }
        Ok(Username(text))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A first or last name: 1–100 characters of any script, with runs of white space made one space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(String);

impl Name {
    /// `field` is the form's field that the name came from.
    ///
    /// # Errors
    /// `Invalid`, with the sentence for the form.
    pub fn parse(field: Field, text: &str) -> Result<Self, Error> {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.chars().all(is_blank) {
            let why = match field {
                Field::LastName => "Please give your last name.",
                _ => "Please give your first name.",
            };
            return Err(Error::field(field, why));
        }
        if text.chars().any(|c| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')) {
            return Err(Error::field(field, "This name contains characters that cannot be shown."));
        }
        if text.chars().count() > NAME_MAX {
            return Err(Error::field(field, "A name has up to 100 characters."));
        }
        Ok(Name(text))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A plausible email address. Only sending to it can show whether it exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// # Errors
    /// `Invalid`, with the sentence for the form.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Error::field(Field::Email, "Please give your email address."));
        }
        if text.len() > EMAIL_MAX || !plausible(text) {
            return Err(Error::field(Field::Email, "This does not look like an email address."));
        }
        Ok(Email(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form that must be unique: addresses that differ only in case are the same mailbox in practice.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

fn plausible(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    let local_ok = !local.is_empty()
        && local.len() <= 64
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && local.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c));
    local_ok && domain.contains('.') && domain.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(result: Result<Username, Error>) -> String {
        result.unwrap_err().message
    }

    #[test]
    fn a_username_is_stored_in_lower_case_and_may_be_in_any_script() {
        assert_eq!(Username::parse(" Ana.Ruiz ").unwrap().as_str(), "ana.ruiz");
        assert!(Username::parse("žofie_9").is_ok());
        assert!(Username::parse("نور").is_ok());
        assert!(Username::parse("7-up").is_ok());
    }

    #[test]
    fn the_refusal_of_a_username_says_what_to_change() {
        assert_eq!(why(Username::parse("  ")), "Choose a username.");
        assert_eq!(why(Username::parse("a")), "A username has 2 to 32 characters.");
        assert_eq!(why(Username::parse(&"a".repeat(33))), "A username has 2 to 32 characters.");
        assert_eq!(why(Username::parse("a b")), "Only letters, digits, dots, underscores and hyphens, please.");
        assert_eq!(why(Username::parse("a\u{202e}b")), "Only letters, digits, dots, underscores and hyphens, please.");
        let invisible = "\u{3164}\u{3164}";
        assert_eq!(why(Username::parse(invisible)), "Only letters, digits, dots, underscores and hyphens, please.");
        assert_eq!(why(Username::parse(".ana")), "A username begins with a letter or a digit.");
        assert_eq!(why(Username::parse("Admin")), "This name is reserved. Please choose another.");
    }

    #[test]
    fn names_are_required_folded_and_bounded() {
        assert_eq!(Name::parse(Field::FirstName, "  Anne \t Marie ").unwrap().as_str(), "Anne Marie");
        assert!(Name::parse(Field::LastName, &"x".repeat(100)).is_ok());
        assert!(Name::parse(Field::LastName, &"x".repeat(101)).is_err());
        assert_eq!(Name::parse(Field::LastName, "\u{200b}").unwrap_err().message, "Please give your last name.");
        assert!(Name::parse(Field::FirstName, "a\u{202e}b").is_err());
    }

    #[test]
    fn an_email_is_plausible_or_refused() {
        for good in ["ana@harbour.example", "a.b+c@x-y.co.uk", "ünï@köln.example"] {
            assert!(Email::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "ana", "@x.y", "ana@", "ana@localhost", "a b@x.y", "a@b@c.d", "a@-b.c", "a..b@c.d", "a@b..c"] {
            assert!(Email::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(Email::parse("Ana@Harbour.Example").unwrap().key(), "ana@harbour.example");
    }

    #[test]
    fn initials_work_for_every_script() {
        let person = |first: &str, last: &str| Person {
            id: UserId(1),
            username: "u".into(),
            first_name: first.into(),
            last_name: last.into(),
        };
        assert_eq!(person("Ana", "Ruiz").initials(), "AR");
        assert_eq!(person("نور", "الهاشمي").initials(), "ن");
        assert_eq!(person("øre", "(x)").initials(), "øx");
        assert_eq!(person("🙂", "!").initials(), "u");
    }
}
