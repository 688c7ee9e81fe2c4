//! Keeps server-rendered HTML up to date: presence, and the errors of its forms.

use super::clock;
use crate::model::{Error, Presence, SortedMap, SortedSet, UserId};
use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};

fn all(root: &Element, selector: &str) -> Vec<Element> {
    let Ok(found) = root.query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.get(at)?.dyn_into().ok()).collect()
}

fn user_of(element: &Element) -> Option<UserId> {
    element.get_attribute("data-user")?.parse().ok()
}

/// The users whose presence it shows.
pub fn people(root: &Element) -> SortedSet<UserId> {
    all(root, "[data-user]").iter().filter_map(user_of).collect()
}

/// Shows the current presence.
pub fn show_presence(root: &Element, presences: &SortedMap<UserId, Presence>) {
    let now = clock::now().wall;
    for element in all(root, "[data-user]") {
        let Some(presence) = user_of(&element).and_then(|user| presences.get(&user)) else { continue };
        if element.has_attribute("data-state") {
            // Refused only for an invalid attribute name.
            let _ = element.set_attribute("data-state", presence.state.as_str());
        } else {
            element.set_text_content(Some(&presence.text(now)));
        }
    }
}

/// Shows under each field why it was refused, and focuses the first of them.
pub fn show_field_problems(root: &Element, error: &Error) {
    for field in all(root, "[aria-invalid]") {
        let _ = field.remove_attribute("aria-invalid");
    }
    for message in all(root, ".field .error") {
        message.set_text_content(None);
    }
    let mut first = true;
    for problem in &error.fields {
        let name = problem.field.as_str();
        let find = |selector: String| root.query_selector(&selector).ok().flatten();
        let (Some(input), Some(message)) = (find(format!("#{name}")), find(format!("#{name}-problem"))) else {
            continue;
        };
        let _ = input.set_attribute("aria-invalid", "true");
        message.set_text_content(Some(&problem.message));
        if std::mem::take(&mut first) {
            focus(&input);
        }
    }
}

/// Whether the user is about to do something in it: has typed something, or has opened a confirmation.
pub fn is_busy(root: &Element) -> bool {
    let typed = |field: &Element| {
        let field = field.dyn_ref::<HtmlInputElement>();
        field.is_some_and(|field| field.value() != field.default_value() || field.checked() != field.default_checked())
    };
    !all(root, "input:focus, select:focus, [open]").is_empty() || all(root, "input").iter().any(typed)
}

/// The id of the focused element, if it has one.
pub fn focused_id(root: &Element) -> Option<String> {
    let active = document().active_element().filter(|active| root.contains(Some(active)))?;
    Some(active.id()).filter(|id| !id.is_empty())
}

/// Focuses an element again.
pub fn restore_focus(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        focus(&element);
    }
}

fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        // Refused only for an element that has been removed.
        let _ = element.focus();
    }
}
