//! The registration form and its rules.

use super::{Email, Error, Field, FieldProblem, Name, Password, Username, WorkspaceName};
use serde::{Deserialize, Serialize};

/// The refusal where only the operator adds accounts.
const CLOSED: &str = "Accounts here are made by the operator. Please ask them for one.";

/// The refusal as long as nobody has an account and only the operator adds them.
const CLOSED_AND_EMPTY: &str = "Nobody has an account here yet. The operator adds the first one on the server, with \
    “hubbub user add”; it is the owner's.";
/// The refusal of the second of two people who make the first account at once.
const NOT_FIRST: &str = "Somebody else has just made the first account, and is the owner. Load this page again to see \
    how you can join.";

/// The refusal of every registration where only the operator adds accounts.
pub fn closed() -> Error {
    Error::invalid(CLOSED)
}

/// The same as long as nobody has an account.
pub fn closed_and_empty() -> Error {
    Error::invalid(CLOSED_AND_EMPTY)
}

/// The refusal of a registration as the first user where there is one already.
pub fn not_first() -> Error {
    Error::outdated(NOT_FIRST)
}

/// How somebody who may register does so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Admission {
    /// As the first user, who becomes the owner and names the workspace. `by_invitation`: whether everybody after them
    /// needs an invitation.
    First { by_invitation: bool },
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
    /// The name of the workspace, where this is meant to be the first account.
    pub workspace: Option<String>,
}

/// A registration whose every field meets its rules.
#[derive(Clone, Debug)]
pub struct Registration {
    pub username: Username,
    pub first_name: Name,
    pub last_name: Name,
    pub email: Email,
    pub password: Password,
    pub workspace: Option<WorkspaceName>,
}

impl RegistrationForm {
    /// Checks every field, so that a person sees all problems at once.
    ///
    /// # Errors
    /// `Invalid`, with one problem for each field that breaks a rule.
    pub fn check(&self) -> Result<Registration, Error> {
        let mut problems = Vec::new();
        let workspace = self.workspace.as_deref().map(|name| keep(WorkspaceName::parse(name), &mut problems));
        let username = keep(Username::parse(&self.username), &mut problems);
        let first_name = keep(Name::parse(Field::FirstName, &self.first_name), &mut problems);
        let last_name = keep(Name::parse(Field::LastName, &self.last_name), &mut problems);
        let email = keep(Email::parse(&self.email), &mut problems);
        let password = keep(Password::parse(&self.password), &mut problems);
        match (username, first_name, last_name, email, password) {
            (Some(username), Some(first_name), Some(last_name), Some(email), Some(password)) if problems.is_empty() => {
                let workspace = workspace.flatten();
                Ok(Registration { username, first_name, last_name, email, password, workspace })
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

    #[test]
    fn the_first_account_names_the_workspace_and_the_others_do_not() {
        let form = |workspace: Option<&str>| RegistrationForm {
            username: "ana".into(),
            first_name: "Ana".into(),
            last_name: "Ruiz".into(),
            email: "ana@harbour.example".into(),
            password: "Harbour-77-rowing".into(),
            workspace: workspace.map(str::to_owned),
        };
        assert_eq!(form(None).check().unwrap().workspace, None);
        assert_eq!(form(Some(" Harbour ")).check().unwrap().workspace, Some(WorkspaceName::parse("Harbour").unwrap()));
        assert!(form(Some(" ")).check().unwrap_err().of(Field::Workspace).is_some());
    }
}
