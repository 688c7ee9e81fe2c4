//! The registration form and its rules.

use super::{Email, Error, Field, FieldProblem, Name, Password, Username};
use serde::{Deserialize, Serialize};

/// The refusal where only the operator adds accounts.
const CLOSED: &str = "Accounts here are made by the operator. Please ask them for one.";

/// The refusal of every registration where only the operator adds accounts.
pub fn closed() -> Error {
    Error::invalid(CLOSED)
}

/// How somebody who may register does so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Admission {
    /// As the first user, who becomes the owner.
    First,
    /// Without an invitation: registration is open.
    Open,
    /// By the invitation of the user with this name.
    Invited(String),
}

/// The registration form as it was filled in.
#[derive(Clone, Debug, Default)]
pub struct RegistrationForm {
    pub username: String,
    pub first_name: String,
    pub last_name: String,
    pub email: String,
    pub password: String,
}

/// A registration whose every field meets its rules.
#[derive(Clone, Debug)]
pub struct Registration {
    pub username: Username,
    pub first_name: Name,
    pub last_name: Name,
    pub email: Email,
    pub password: Password,
}

impl RegistrationForm {
    /// Checks every field, so that a person sees all problems at once.
    ///
    /// # Errors
    /// `Invalid`, with one problem for each field that breaks a rule.
    pub fn check(&self) -> Result<Registration, Error> {
        let mut problems = Vec::new();
        let username = keep(Username::parse(&self.username), &mut problems);
        let first_name = keep(Name::parse(Field::FirstName, &self.first_name), &mut problems);
        let last_name = keep(Name::parse(Field::LastName, &self.last_name), &mut problems);
        let email = keep(Email::parse(&self.email), &mut problems);
        let password = keep(Password::parse(&self.password), &mut problems);
        match (username, first_name, last_name, email, password) {
            (Some(username), Some(first_name), Some(last_name), Some(email), Some(password)) => {
                Ok(Registration { username, first_name, last_name, email, password })
            }
            _ => Err(Error::fields(problems)),
        }
    }

    /// The problem with one field, for a form that checks while one types.
    pub fn problem(&self, field: Field) -> Option<String> {
        self.check().err()?.of(field).map(str::to_owned)
    }
}

fn keep<T>(result: Result<T, Error>, problems: &mut Vec<FieldProblem>) -> Option<T> {
    result.map_err(|error| problems.extend(error.fields)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let error =
            RegistrationForm { username: "ana".into(), email: "x".into(), ..Default::default() }.check().unwrap_err();
        let fields: Vec<_> = error.fields.iter().map(|problem| problem.field).collect();
        assert_eq!(fields, [Field::FirstName, Field::LastName, Field::Email, Field::Password]);
    }
}
