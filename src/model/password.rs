//! The rules of passwords, one by one, so that a form can show each as it is met.
//!
//! The server also refuses passwords that are easy to guess (`server::auth::password_strength`).

use super::{Error, Field};
use std::fmt;

pub const PASSWORD_MIN: usize = 8;
/// The most characters: far above what people use, low enough that hashing stays cheap.
pub const PASSWORD_MAX: usize = 128;

/// One rule of a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    Length,
    Capital,
    Small,
    Digit,
}

impl Rule {
    pub const ALL: [Rule; 4] = [Rule::Length, Rule::Capital, Rule::Small, Rule::Digit];

    /// What the form shows beside the tick of the rule.
    pub fn label(self) -> &'static str {
        match self {
            Rule::Length => "8 characters",
            Rule::Capital => "a capital",
            Rule::Small => "a small letter",
            Rule::Digit => "a digit",
        }
    }

    /// Why a password that breaks the rule is refused.
    pub fn refusal(self) -> &'static str {
        match self {
            Rule::Length => "A password has at least 8 characters.",
            Rule::Capital => "A password needs a capital letter.",
            Rule::Small => "A password needs a small letter.",
            Rule::Digit => "A password needs a digit.",
        }
    }

    pub fn met(self, password: &str) -> bool {
        match self {
            Rule::Length => password.chars().count() >= PASSWORD_MIN,
            Rule::Capital => password.chars().any(char::is_uppercase),
            Rule::Small => password.chars().any(char::is_lowercase),
            Rule::Digit => password.chars().any(char::is_numeric),
        }
    }
}

/// A password that meets every rule. Its debug text does not contain it.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// # Errors
    /// `Invalid`, with the sentence of the first rule that is broken.
    pub fn parse(text: &str) -> Result<Self, Error> {
        if text.is_empty() {
            return Err(Error::field(Field::Password, "Choose a password."));
        }
        if text.chars().count() > PASSWORD_MAX {
            return Err(Error::field(Field::Password, "A password has up to 128 characters."));
        }
        match Rule::ALL.into_iter().find(|rule| !rule.met(text)) {
            Some(rule) => Err(Error::field(Field::Password, rule.refusal())),
            None => Ok(Password(text.to_owned())),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_refused_by_the_first_rule_it_breaks() {
        let why = |text: &str| Password::parse(text).unwrap_err().message;
        assert_eq!(why(""), "Choose a password.");
        assert_eq!(why("Ab1"), Rule::Length.refusal());
        assert_eq!(why("harbour77"), Rule::Capital.refusal());
        assert_eq!(why("HARBOUR77"), Rule::Small.refusal());
        assert_eq!(why("HarbourRow"), Rule::Digit.refusal());
        assert_eq!(why(&format!("Aa1{}", "x".repeat(126))), "A password has up to 128 characters.");
        assert!(Password::parse(&format!("Aa1{}", "x".repeat(125))).is_ok());
        assert!(Password::parse("Harbour-77").is_ok());
    }

    #[test]
    fn the_debug_text_of_a_password_does_not_contain_it() {
        assert_eq!(format!("{:?}", Password::parse("Harbour-77").unwrap()), "Password(…)");
    }
}
