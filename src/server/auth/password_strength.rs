//! Refusing passwords that are easy to guess. The rules of length and kinds of characters are in `model::password`, so
//! that the form shows them while one types; this needs dictionaries, which only the server has.

use crate::model::{Error, Field, Me, Password, Registration};
use zxcvbn::feedback::Warning;
use zxcvbn::{Score, zxcvbn};

/// The characters of a password that are judged. The time grows with the cube of the length where many characters may
/// stand for letters (`4@8({[<3`): 40 of them take 0.1 s, about as long as hashing; 100 take 0.6 s.
const JUDGED_MAX: usize = 40;
/// The lowest score that is accepted: at least 10⁸ guesses.
const SCORE_MIN: Score = Score::Three;
/// Names of fewer characters may be part of a password: they are part of many words.
const NAME_MIN: usize = 3;

/// What a password must not contain: the names of the account that it is for.
#[derive(Clone, Debug)]
pub struct AccountNames {
    first_name: String,
    last_name: String,
    username: String,
    email: String,
}

impl From<&Registration> for AccountNames {
    fn from(registration: &Registration) -> Self {
        AccountNames {
            first_name: registration.first_name.as_str().to_owned(),
            last_name: registration.last_name.as_str().to_owned(),
            username: registration.username.to_string(),
            email: registration.email.as_str().to_owned(),
        }
    }
}

impl From<&Me> for AccountNames {
    fn from(me: &Me) -> Self {
        AccountNames {
            first_name: me.person.first_name.clone(),
            last_name: me.person.last_name.clone(),
            username: me.person.username.clone(),
            email: me.email.clone(),
        }
    }
}

impl AccountNames {
    /// The part of the email address before the `@`.
    fn email_local_part(&self) -> &str {
        self.email.split('@').next().unwrap_or_default()
    }

    /// What a password contains of the account's names, in words, if anything.
    fn contained_in(&self, password: &str) -> Option<&'static str> {
        let password = password.to_lowercase();
        let contains = |name: &str| name.chars().count() >= NAME_MIN && password.contains(&name.to_lowercase());
        let contains_name = |name: &str| contains(name) || name.split([' ', '-', '\'', '’']).any(contains);
        if contains(&self.username) {
            Some("username")
        } else if contains_name(&self.first_name) {
            Some("first name")
        } else if contains_name(&self.last_name) {
            Some("last name")
        } else if contains(self.email_local_part()) {
            Some("email address")
        } else {
            None
        }
    }
}

/// Checks that a password is not easy to guess. Takes up to 0.1 s of a core: not for asynchronous threads.
///
/// # Errors
/// `Invalid` for the field of the password, with a sentence that says what is wrong and what to do.
pub(super) fn check(password: &Password, names: &AccountNames) -> Result<(), Error> {
    if let Some(name) = names.contained_in(password.as_str()) {
        let sentence = format!("This password contains the {name}. Please choose one without it.");
        return Err(Error::field(Field::Password, sentence));
    }
    let judged: String = password.as_str().chars().take(JUDGED_MAX).collect();
    let inputs =
        [&*names.first_name, &*names.last_name, &*names.username, names.email_local_part(), &*names.email, "hubbub"];
    let estimate = zxcvbn(&judged, &inputs);
    if estimate.score() >= SCORE_MIN {
        return Ok(());
    }
    let why = estimate.feedback().and_then(|feedback| feedback.warning()).map_or("", reason);
    let advice = "Use a few words that do not belong together.";
    let sentence = ["This password is easy to guess.", why, advice].into_iter().filter(|part| !part.is_empty());
    Err(Error::field(Field::Password, sentence.collect::<Vec<_>>().join(" ")))
}

/// Why it is easy to guess, in the words of the form.
fn reason(warning: Warning) -> &'static str {
    match warning {
        Warning::ThisIsATop10Password | Warning::ThisIsATop100Password | Warning::ThisIsACommonPassword => {
            "It is one of the most common ones."
        }
        Warning::ThisIsSimilarToACommonlyUsedPassword => "It is much like one of the most common ones.",
        Warning::StraightRowsOfKeysAreEasyToGuess | Warning::ShortKeyboardPatternsAreEasyToGuess => {
            "It follows the keys of the keyboard."
        }
        Warning::RepeatsLikeAaaAreEasyToGuess | Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => {
            "It repeats the same characters."
        }
        Warning::SequencesLikeAbcAreEasyToGuess => "It is a sequence like abc or 6543.",
        Warning::RecentYearsAreEasyToGuess | Warning::DatesAreOftenEasyToGuess => "Years and dates are soon tried.",
        Warning::AWordByItselfIsEasyToGuess => "It is a single word.",
        Warning::NamesAndSurnamesByThemselvesAreEasyToGuess | Warning::CommonNamesAndSurnamesAreEasyToGuess => {
            "Names are soon tried."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(first_name: &str, last_name: &str, username: &str, email: &str) -> AccountNames {
        AccountNames {
            first_name: first_name.into(),
            last_name: last_name.into(),
            username: username.into(),
            email: email.into(),
        }
    }

    fn ana() -> AccountNames {
        names("Ana", "Ruiz Ortega", "ana.r", "anuchka@harbour.example")
    }

    /// The sentence under the field, or nothing for a good password.
    fn refusal(password: &str, names: &AccountNames) -> Option<String> {
        let error = check(&Password::parse(password).unwrap(), names).err()?;
        Some(error.of(Field::Password).unwrap().to_owned())
    }

    #[test]
    fn guessable_passwords_are_refused_though_they_meet_the_rules_of_characters() {
        for password in [
            "Password1",
            "Passw0rd",
            "P@$$w0rd1",
            "Password123!",
            "Welcome1",
            "Qwerty123",
            "Abcd1234",
            "Summer2024",
            "1q2w3e4R",
            "Letmein1!",
            "Admin123!",
            "Trustno1",
            "Asdfghjkl1",
            "Aa1aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "Harbour-77",
            "Hubbub123",
        ] {
            let refused = refusal(password, &ana()).unwrap_or_else(|| panic!("{password} is accepted"));
            assert!(refused.starts_with("This password is easy to guess."), "{password}: {refused}");
            assert!(refused.ends_with("Use a few words that do not belong together."), "{password}: {refused}");
        }
    }

    #[test]
    fn the_refusal_says_why_where_that_is_known() {
        assert_eq!(
            refusal("Password1", &ana()).unwrap(),
            "This password is easy to guess. It is one of the most common ones. Use a few words that do not belong together."
        );
        assert!(refusal("Aa1Aa1Aa1", &ana()).unwrap().contains("It repeats the same characters."));
    }

    #[test]
    fn a_few_words_are_a_good_password_in_any_script() {
        for password in [
            crate::server::demo::PASSWORD,
            "Summer-rain-9-boats",
            "Pass the 7 salts",
            "correct Horse 4 battery",
            "Лето-2024-дом",
            "xK9#mQ2$vL5p",
        ] {
            assert_eq!(refusal(password, &ana()), None, "{password}");
        }
    }

    #[test]
    fn a_password_with_one_s_own_name_is_refused_whatever_its_case_and_length() {
        let refused = |password: &str, name: &str| {
            let sentence = format!("This password contains the {name}. Please choose one without it.");
            assert_eq!(refusal(password, &ana()), Some(sentence), "{password}");
        };
        refused("bANAna-boat-sculling-9", "first name");
        refused("Rowing-ORTEGA-at-dawn-42", "last name");
        refused("Rowing-Ruiz-at-dawn-42", "last name");
        refused("Rowing.ANA.R.at-dawn-42", "username");
        refused("Rowing-Anuchka-at-dawn-42", "email address");
        let others = names("Bo", "Li", "boli", "rower@harbour.example");
        assert!(refusal("Sculling-rower-at-dawn-42", &others).unwrap().contains("the email address"));
    }

    #[test]
    fn a_name_of_two_letters_may_be_part_of_a_password() {
        let bo = names("Bo", "Li", "bo", "li@harbour.example");
        assert_eq!(refusal("Sailing-boats-at-dawn-42", &bo), None);
    }

    #[test]
    fn the_longest_password_is_judged_by_its_beginning() {
        let long = format!("Aa1{}", "4@8({[<3691!|0$5+7%2".repeat(6));
        assert_eq!(refusal(&long, &ana()), None);
    }
}
