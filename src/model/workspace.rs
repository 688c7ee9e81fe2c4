//! The workspace: an installation as its users see it, with a name.

use super::message::is_blank;
use super::room::{folded, has_unprintable};
use super::{Error, Field};

/// What a workspace is called until its owner gives it a name. The same default stands in the database's schema.
pub const DEFAULT_NAME: &str = "Hubbub";
/// The most characters of a workspace's name: it stands in one line above the conversation list, and in every title.
pub const WORKSPACE_NAME_MAX: usize = 60;

/// A workspace's name: 1–60 characters with a visible one, white space folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkspaceName(String);

impl WorkspaceName {
    /// # Errors
    /// `Invalid`, with the sentence for the form.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let refuse = |why: String| Err(Error::field(Field::Workspace, why));
        let name = folded(text);
        if name.chars().all(is_blank) {
            return refuse("Give the workspace a name.".into());
        }
        if name.chars().count() > WORKSPACE_NAME_MAX {
            return refuse(format!("The name has up to {WORKSPACE_NAME_MAX} characters."));
        }
        if has_unprintable(&name) {
            return refuse("This name contains characters that cannot be shown.".into());
        }
        Ok(WorkspaceName(name))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_to_sixty_characters_with_a_visible_one() {
        assert_eq!(WorkspaceName::parse("  Harbour \t Rowing ").unwrap().as_str(), "Harbour Rowing");
        assert!(WorkspaceName::parse(DEFAULT_NAME).is_ok() && WorkspaceName::parse(&"🎉".repeat(60)).is_ok());
        for refused in ["", "   ", "\u{200b}", &"é".repeat(61), "abc\u{202e}def", "a\u{0}b"] {
            assert!(WorkspaceName::parse(refused).unwrap_err().of(Field::Workspace).is_some(), "{refused:?}");
        }
    }
}
