//! Small pieces that the views share.

mod avatar;
mod field;
mod field_state;
mod form_submission;
mod icon;
mod lazy;
mod live;
mod page_data;
mod password_rules;
mod server_html;
mod skeleton;
mod time;
mod workspace;

pub use avatar::{Avatar, PersonAvatar};
pub use field::{FormProblem, SubmitButton, TextField};
pub use field_state::FieldState;
pub use form_submission::FormSubmission;
pub use icon::{Icon, IconOf};
pub use lazy::{LazyView, MakeView, lazy, lazy_around, lazy_view};
pub use live::live;
pub use page_data::{PageData, page_data};
pub use password_rules::Rules;
pub use server_html::Rendered;
pub use skeleton::Skeleton;
pub use time::Moment;
pub use workspace::{WorkspaceMark, mark_and_name};
