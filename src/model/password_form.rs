//! The form that changes a password, and its rules.

use super::{Error, Field, FieldProblem, Password};

/// The refusal of a wrong current password.
pub const WRONG_CURRENT: &str = "This is not your current password.";
/// The refusal when another request has just changed the password.
pub const CHANGED_MEANWHILE: &str = "Your password has been changed elsewhere in the meantime.";

/// The form as it was filled in.
#[derive(Clone, Default)]
pub struct PasswordForm {
    pub current: String,
    pub new: String,
}

impl PasswordForm {
    /// Checks both fields, so that a person sees all problems at once, and gives the new password. Only the server can
    /// check whether the current one is right.
    ///
    /// # Errors
    /// `Invalid`, with one problem for each field that breaks a rule.
    pub fn check(&self) -> Result<Password, Error> {
        let mut problems = Vec::new();
        if self.current.is_empty() {
            let message = "Type your current password.".into();
            problems.push(FieldProblem { field: Field::CurrentPassword, message });
        }
        let new = Password::parse(&self.new).map_err(|error| problems.extend(error.fields)).ok();
        if new.is_some() && self.new == self.current {
            let message = "This is your current password. Please choose another.".into();
            problems.push(FieldProblem { field: Field::Password, message });
        }
        match new {
            Some(new) if problems.is_empty() => Ok(new),
            _ => Err(Error::fields(problems)),
        }
    }

    /// The problem with one field, for a form that checks while one types.
    pub fn problem(&self, field: Field) -> Option<String> {
        self.check().err()?.of(field).map(str::to_owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(current: &str, new: &str) -> Vec<(Field, String)> {
        let error = PasswordForm { current: current.into(), new: new.into() }.check().unwrap_err();
        error.fields.into_iter().map(|problem| (problem.field, problem.message)).collect()
    }

    #[test]
    fn both_fields_are_checked_at_once_and_the_new_password_by_the_rules_of_registration() {
        assert_eq!(
            problems("", "harbour-78"),
            [
                (Field::CurrentPassword, "Type your current password.".to_owned()),
                (Field::Password, "A password needs a capital letter.".to_owned())
            ]
        );
        assert!(PasswordForm { current: "old".into(), new: "Harbour-78".into() }.check().is_ok());
    }

    #[test]
    fn the_current_password_is_refused_as_the_new_one() {
        assert_eq!(
            problems("Harbour-77", "Harbour-77"),
            [(Field::Password, "This is your current password. Please choose another.".to_owned())]
        );
    }
}
