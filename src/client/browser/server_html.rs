//! What the server has rendered, as the page keeps it up: who is there, and why a form was refused.

use super::clock;
use crate::model::{Error, Presence, UserId};
use leptos::prelude::document;
use std::collections::{BTreeMap, BTreeSet};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};

fn all(root: &Element, selector: &str) -> Vec<Element> {
    let Ok(found) = root.query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.get(at)?.dyn_into().ok()).collect()
}

fn user_of(element: &Element) -> Option<UserId> {
    element.get_attribute("data-user")?.parse().ok()
}

/// The people whom it shows with their presence.
pub fn people(root: &Element) -> BTreeSet<UserId> {
    all(root, "[data-user]").iter().filter_map(user_of).collect()
}

/// Shows who is there now.
pub fn show_presence(root: &Element, presences: &BTreeMap<UserId, Presence>) {
    let now = clock::now().wall;
    for element in all(root, "[data-user]") {
        let Some(presence) = user_of(&element).and_then(|user| presences.get(&user)) else { continue };
        if element.has_attribute("data-state") {
            // Refused only where the name of the attribute is none.
            let _ = element.set_attribute("data-state", presence.state.word());
        } else {
            element.set_text_content(Some(&presence.text(now)));
        }
    }
}

/// Says under each field why it was refused, and leads to the first.
pub fn refuse(root: &Element, error: &Error) {
    for field in all(root, "[aria-invalid]") {
        let _ = field.remove_attribute("aria-invalid");
    }
    for said in all(root, ".field .error") {
        said.set_text_content(None);
    }
    let mut first = true;
    for problem in &error.fields {
        let name = problem.field.word();
        let find = |selector: String| root.query_selector(&selector).ok().flatten();
        let (Some(input), Some(said)) = (find(format!("#{name}")), find(format!("#{name}-problem"))) else { continue };
        let _ = input.set_attribute("aria-invalid", "true");
        said.set_text_content(Some(&problem.message));
        if std::mem::take(&mut first) {
            focus(&input);
        }
    }
}

/// Whether somebody is about to do something in it: has begun to type, or has opened what asks before it does something.
pub fn is_busy(root: &Element) -> bool {
    let typed = |field: &Element| {
        let field = field.dyn_ref::<HtmlInputElement>();
        field.is_some_and(|field| field.value() != field.default_value() || field.checked() != field.default_checked())
    };
    !all(root, "input:focus, select:focus, [open]").is_empty() || all(root, "input").iter().any(typed)
}

/// Where in it the reader is, if what they are at has a name.
pub fn place(root: &Element) -> Option<String> {
    let active = document().active_element().filter(|active| root.contains(Some(active)))?;
    Some(active.id()).filter(|id| !id.is_empty())
}

/// Leads the reader back to where they were.
pub fn return_to(place: &str) {
    if let Some(element) = document().get_element_by_id(place) {
        focus(&element);
    }
}

/// Leads to the next of the options from where the keyboard is: below, or above. From elsewhere to the second, since the
/// first is what is taken anyway; nothing above the first.
pub fn step(root: &Element, down: bool) -> Option<()> {
    let options = all(root, ".option");
    let active = document().active_element();
    let at = options.iter().position(|option| active.as_ref() == Some(option));
    let next = match (at, down) {
        (None, true) => 1.min(options.len().checked_sub(1)?),
        (Some(at), true) => (at + 1).min(options.len().checked_sub(1)?),
        (None | Some(0), false) => return None,
        (Some(at), false) => at - 1,
    };
    options.get(next).map(focus)
}

/// Takes the first of the options, as if it were pressed.
pub fn take_first(root: &Element) {
    if let Some(option) = all(root, ".option").first().and_then(|option| option.dyn_ref::<HtmlElement>()) {
        option.click();
    }
}

fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        // Refused only by an element that is gone.
        let _ = element.focus();
    }
}
