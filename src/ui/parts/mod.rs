//! Small pieces that the views share.

mod attempt;
mod avatar;
mod entry;
mod field;
mod icon;
mod live;
mod moment;
mod page_data;
mod rendered;
mod rules;
mod skeleton;

pub use attempt::Attempt;
pub use avatar::{Avatar, Face};
pub use entry::Entry;
pub use field::{FormProblem, SubmitButton, TextField};
pub use icon::{Icon, IconOf};
pub use live::live;
pub use moment::Moment;
pub use page_data::{PageData, page_data};
pub use rendered::Rendered;
pub use rules::Rules;
pub use skeleton::Bones;
