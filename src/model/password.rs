//! The rules of passwords, one by one, so that a form can show each as it is met.

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
    /// Not one of the best-known ones.
    Uncommon,
}

impl Rule {
    pub const ALL: [Rule; 5] = [Rule::Length, Rule::Capital, Rule::Small, Rule::Digit, Rule::Uncommon];

    /// What the form shows beside the rule's tick.
    pub fn label(self) -> &'static str {
        match self {
            Rule::Length => "8 characters",
            Rule::Capital => "a capital",
            Rule::Small => "a small letter",
            Rule::Digit => "a digit",
            Rule::Uncommon => "not a well-known one",
        }
    }

    /// Why a password that breaks the rule is refused.
    pub fn refusal(self) -> &'static str {
        match self {
            Rule::Length => "A password has at least 8 characters.",
            Rule::Capital => "A password needs a capital letter.",
            Rule::Small => "A password needs a small letter.",
            Rule::Digit => "A password needs a digit.",
            Rule::Uncommon => "This is one of the best-known passwords. Please choose another.",
        }
    }

    pub fn met(self, password: &str) -> bool {
        match self {
            Rule::Length => password.chars().count() >= PASSWORD_MIN,
            Rule::Capital => password.chars().any(char::is_uppercase),
            Rule::Small => password.chars().any(char::is_lowercase),
            Rule::Digit => password.chars().any(char::is_numeric),
            Rule::Uncommon => !password.is_empty() && !well_known(password),
        }
    }
}

/// A password that meets every rule. It never shows itself.
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

/// Words that the best-known passwords are made of. Published lists of leaked passwords agree that those which
/// meet rules like ours are one such word, dressed with a capital, a few digits and a mark or two.
const KNOWN_WORDS: &[&str] = &[
    "abc",
    "abcd",
    "abcde",
    "abcdef",
    "abcdefg",
    "abcdefgh",
    "access",
    "admin",
    "administrator",
    "asdf",
    "asdfgh",
    "autumn",
    "azerty",
    "baseball",
    "batman",
    "changeme",
    "charlie",
    "chelsea",
    "chocolate",
    "computer",
    "daniel",
    "default",
    "dragon",
    "football",
    "freedom",
    "hello",
    "hockey",
    "hunter",
    "iloveyou",
    "jennifer",
    "jessica",
    "jordan",
    "letmein",
    "liverpool",
    "login",
    "lovely",
    "master",
    "michael",
    "michelle",
    "monday",
    "monkey",
    "mustang",
    "nicole",
    "ninja",
    "pass",
    "password",
    "passwort",
    "pokemon",
    "princess",
    "qazwsx",
    "qwe",
    "qwer",
    "qwert",
    "qwerty",
    "qwertyui",
    "qwertyuiop",
    "qwertz",
    "samsung",
    "secret",
    "shadow",
    "spring",
    "starwars",
    "summer",
    "sunshine",
    "superman",
    "test",
    "testing",
    "tester",
    "thomas",
    "trustno",
    "user",
    "welcome",
    "whatever",
    "winter",
    "zaq",
    "zaqxsw",
    "zxcvbn",
    "zxcvbnm",
];

/// Digits that are no more than a dressing: a run, a repetition, a year.
fn plain_digits(digits: &str) -> bool {
    let runs = ["01234567890", "09876543210", "1234567890", "123123", "112233", "147258369", "69", "007"];
    let bytes = digits.as_bytes();
    digits.len() <= 2
        || runs.iter().any(|run| run.contains(digits))
        || bytes.windows(2).all(|pair| pair[0] == pair[1])
        || (digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20")))
}

/// Whether a password is a known word with the usual dressing, also where letters are written as `@`, `0`, `$`, `3`.
fn well_known(password: &str) -> bool {
    let plain = password.to_lowercase();
    let core = plain.trim_matches(|c: char| !c.is_alphanumeric() && c != '@' && c != '$');
    let spelt = |text: &str| -> String {
        text.chars()
            .map(|c| match c {
                '@' | '4' => 'a',
                '0' => 'o',
                '$' | '5' => 's',
                '3' => 'e',
                '1' | '!' => 'i',
                '7' => 't',
                other => other,
            })
            .collect()
    };
    if [
        "1q2w3e4r",
        "1qaz2wsx",
        "zaq12wsx",
        "q1w2e3r4",
        "a1b2c3d4",
        "1a2b3c4d",
        "qwe123rty",
        "trustno1",
        "1q2w3e4r5t",
        "abc123def",
    ]
    .contains(&core)
    {
        return true;
    }
    // Word and digits in either order; every split is tried, since digits may also stand for letters.
    let chars: Vec<char> = core.chars().collect();
    (0..=chars.len()).any(|at| {
        let (head, tail): (String, String) = (chars[..at].iter().collect(), chars[at..].iter().collect());
        let dressing = |text: &str| {
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            text.chars().all(|c| c.is_ascii_digit() || c.is_ascii_punctuation()) && plain_digits(&digits)
        };
        let known = |text: &str| {
            let text = text.trim_matches(|c: char| c.is_ascii_punctuation() && c != '@' && c != '$');
            KNOWN_WORDS.contains(&text) || KNOWN_WORDS.contains(&spelt(text).as_str())
        };
        (known(&head) && dressing(&tail)) || (dressing(&head) && known(&tail))
    })
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
    fn the_best_known_passwords_are_refused_in_their_usual_dress() {
        for text in [
            "Password1",
            "Passw0rd",
            "P@ssw0rd1",
            "P@$$w0rd1",
            "Password123!",
            "Welcome1",
            "Qwerty123",
            "Abcd1234",
            "Summer2024",
            "1q2w3e4R",
            "Letmein1!",
            "Iloveyou2",
            "Admin123!",
            "Abc12345",
            "Trustno1",
            "Football1",
            "123Qwerty",
            "Test1234",
            "Pass1234",
        ] {
            assert_eq!(Password::parse(text).unwrap_err().message, Rule::Uncommon.refusal(), "{text}");
        }
    }

    #[test]
    fn ordinary_good_passwords_are_not_taken_for_known_ones() {
        for text in [
            "Harbour-77",
            "Summer-rain-9-boats",
            "Tr0ubadour&3",
            "Pass the 7 salts",
            "correct Horse 4 battery",
            "Welcome2Harbour",
        ] {
            assert!(Password::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_password_does_not_print_itself() {
        assert_eq!(format!("{:?}", Password::parse("Harbour-77").unwrap()), "Password(…)");
    }
}
