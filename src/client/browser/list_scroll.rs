//! The scrolled conversation list: which unread conversations are out of view, and how to get there.
//!
//! Views and style sheets name what it looks for: links with the class `unread`, and section headings, which stay at the
//! edges of the list and cover what is below them.

use leptos::prelude::request_animation_frame;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{DomRect, Element, HtmlElement, NodeList, ResizeObserver};

/// Half a pixel: fractions of a pixel are neither covered nor out of view.
const ROUNDING: f64 = 0.5;

/// Watches the list until it is dropped.
pub struct ListWatch {
    list: Element,
    sizes: Option<ResizeObserver>,
    on_change: Closure<dyn Fn()>,
}

impl ListWatch {
    /// Calls `update` in the next frame after the list was scrolled or got another size.
    pub fn new(list: &Element, update: impl Fn() + 'static) -> Self {
        let (update, is_due) = (Rc::new(update), Rc::new(Cell::new(false)));
        let on_change = Closure::<dyn Fn()>::new(move || {
            if !is_due.replace(true) {
                let (update, is_due) = (Rc::clone(&update), Rc::clone(&is_due));
                request_animation_frame(move || {
                    is_due.set(false);
                    update();
                });
            }
        });
        let _ = list.add_event_listener_with_callback("scroll", on_change.as_ref().unchecked_ref());
        let sizes = ResizeObserver::new(on_change.as_ref().unchecked_ref()).ok();
        if let Some(sizes) = &sizes {
            sizes.observe(list);
        }
        ListWatch { list: list.clone(), sizes, on_change }
    }
}

impl Drop for ListWatch {
    fn drop(&mut self) {
        let _ = self.list.remove_event_listener_with_callback("scroll", self.on_change.as_ref().unchecked_ref());
        if let Some(sizes) = &self.sizes {
            sizes.disconnect();
        }
    }
}

/// How many conversations with unread messages are above and below what is visible of the list.
pub fn unread_out_of_view(list: &Element) -> (usize, usize) {
    let view = View::of(list);
    let mut counts = (0, 0);
    for link in unread_links(list) {
        match view.side(&link.get_bounding_client_rect()) {
            Side::Above => counts.0 += 1,
            Side::Below => counts.1 += 1,
            Side::Within => {}
        }
    }
    counts
}

/// Scrolls the nearest conversation with unread messages that is out of view into it, and moves the focus there.
pub fn go_to_unread(list: &Element, below: bool) {
    let view = View::of(list);
    let side = if below { Side::Below } else { Side::Above };
    let mut links = unread_links(list).filter(|link| view.side(&link.get_bounding_client_rect()) == side);
    let Some(link) = (if below { links.next() } else { links.last() }) else { return };
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Center);
    link.scroll_into_view_with_scroll_into_view_options(&options);
    // The button may be gone now, and the focus must not go with it. Refused only by an element that is gone.
    let _ = link.unchecked_into::<HtmlElement>().focus();
}

/// Whether nothing of an element is visible in the list.
pub fn is_out_of_view(list: &Element, id: &str) -> bool {
    let element = list.query_selector(&format!("#{id}")).ok().flatten();
    element.is_some_and(|element| {
        let (view, rect) = (View::of(list), element.get_bounding_client_rect());
        rect.height() > 0.0 && (rect.bottom() <= view.top + ROUNDING || rect.top() >= view.bottom - ROUNDING)
    })
}

/// Scrolls the list so that an element begins at its upper edge.
pub fn scroll_to(list: &Element, id: &str) {
    if let Some(element) = list.query_selector(&format!("#{id}")).ok().flatten() {
        let by = element.get_bounding_client_rect().top() - View::of(list).top;
        list.set_scroll_top(list.scroll_top() + by.round() as i32);
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Above,
    Within,
    Below,
}

/// What is visible of the list, between the headings at its edges.
struct View {
    top: f64,
    bottom: f64,
}

impl View {
    fn of(list: &Element) -> Self {
        let outer = list.get_bounding_client_rect();
        let mut view = View { top: outer.top(), bottom: outer.bottom() };
        let headings: Vec<DomRect> =
            query(list, ".section-heading").map(|heading| heading.get_bounding_client_rect()).collect();
        // From both edges inwards, as far as one heading follows the other.
        for heading in &headings {
            if heading.top() <= view.top + ROUNDING && heading.bottom() > view.top {
                view.top = heading.bottom();
            }
        }
        for heading in headings.iter().rev() {
            if heading.bottom() >= view.bottom - ROUNDING && heading.top() < view.bottom && heading.top() > view.top {
                view.bottom = heading.top();
            }
        }
        view
    }

    /// Where a row is: half of it visible is enough to see it. One that is not shown is nowhere else.
    fn side(&self, row: &DomRect) -> Side {
        let middle = row.top() + row.height() / 2.0;
        if row.height() == 0.0 {
            Side::Within
        } else if middle < self.top {
            Side::Above
        } else if middle > self.bottom {
            Side::Below
        } else {
            Side::Within
        }
    }
}

fn unread_links(list: &Element) -> impl Iterator<Item = Element> {
    query(list, "a.unread")
}

fn query(list: &Element, selector: &str) -> impl Iterator<Item = Element> {
    let found: Option<NodeList> = list.query_selector_all(selector).ok();
    let length = found.as_ref().map_or(0, NodeList::length);
    (0..length).filter_map(move |at| found.as_ref()?.get(at)?.dyn_into().ok())
}
