//! A scrolled pane that keeps what its reader sees in place while its content changes.
//!
//! The pane is laid out from its bottom (`flex-direction: column-reverse`), so `scrollTop` is 0 at the newest row and
//! negative above it: what changes above the reader moves nothing. What changes below is made up for by scrolling.
//!
//! Rows come and go when the browser reports that the reader has scrolled, and in animation frames. When it reports a new
//! size, it is about to draw, and a row that came then would be drawn before anything could make up for it. At any other
//! time the page may not have the rows yet that its signals name.

use super::page::focus_without_scrolling;
use crate::client::{ScrollHandlers, Viewport, VisibleRow};
use leptos::prelude::{document, request_animation_frame};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, ResizeObserver};

/// Who scrolls down to within this distance of the bottom follows the newest rows (pixels).
const AT_BOTTOM: f64 = 24.0;
/// A smaller difference than this is a matter of rounding (pixels).
const ROUNDING: f64 = 1.0;
/// Within so many heights of the pane from either end of what is held, more is loaded.
const NEAR: f64 = 2.0;

#[wasm_bindgen]
unsafe extern "C" {
    /// An element whose scroll position is read and set in fractions of a pixel, as browsers know it.
    #[wasm_bindgen(extends = Element)]
    type Pane;
    #[wasm_bindgen(method, getter, js_name = scrollTop)]
    fn scroll_position(this: &Pane) -> f64;
    #[wasm_bindgen(method, setter, js_name = scrollTop)]
    fn set_scroll_position(this: &Pane, to: f64);
}

/// The row that stays where the reader sees it.
struct Anchor {
    row: Element,
    edge: Edge,
    /// Where that edge of it is, below the pane's top (pixels).
    offset: f64,
}

/// An edge of a row. The lower one is held where it is visible: what stands above a row's text, its day and its author,
/// comes and goes with the row before it.
#[derive(Clone, Copy)]
enum Edge {
    Top,
    Bottom,
}

struct State {
    pane: Pane,
    rows: Element,
    handlers: Box<dyn ScrollHandlers>,
    anchor: RefCell<Option<Anchor>>,
    /// The scroll position as it was last seen: what differs from it, the reader has scrolled.
    seen: Cell<f64>,
    /// The reader has scrolled, and nothing was done about it but to move the anchor.
    moved: Cell<Option<Moved>>,
    /// The pane is not shown: nothing of it can be measured, and nobody sees it.
    is_hidden: Cell<bool>,
    /// An animation frame is requested in which the position is settled.
    settles: Cell<bool>,
}

/// Which way the reader has scrolled.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Moved {
    Up,
    Down,
}

/// Keeps a pane's position until it is dropped.
pub struct Scroller {
    state: Rc<State>,
    sizes: Option<ResizeObserver>,
    on_scroll: Closure<dyn Fn()>,
    _on_size: Closure<dyn Fn()>,
}

impl Scroller {
    /// Attaches to a scrolled element, its one child, and the element in it whose children are the rows.
    pub fn new(pane: &Element, content: &Element, rows: &Element, handlers: Box<dyn ScrollHandlers>) -> Self {
        let pane: Pane = JsValue::from(pane).unchecked_into();
        // Before this there was only the script of the page's head: the reader may have scrolled meanwhile.
        let seen = Cell::new(start_position(&pane));
        let state = Rc::new(State {
            pane,
            rows: rows.clone(),
            handlers,
            anchor: RefCell::new(None),
            seen,
            moved: Cell::new(None),
            is_hidden: Cell::new(false),
            settles: Cell::new(false),
        });
        let on_scroll = Closure::<dyn Fn()>::new({
            let state = Rc::clone(&state);
            move || state.scrolled()
        });
        let _ = state.pane.add_event_listener_with_callback("scroll", on_scroll.as_ref().unchecked_ref());
        let on_size = Closure::<dyn Fn()>::new({
            let state = Rc::clone(&state);
            move || state.resized()
        });
        let sizes = ResizeObserver::new(on_size.as_ref().unchecked_ref()).ok();
        if let Some(sizes) = &sizes {
            sizes.observe(&state.pane);
            sizes.observe(content);
        }
        Scroller { state, sizes, on_scroll, _on_size: on_size }
    }

    /// Whether the reader has scrolled since the page was there, and nobody has been told.
    pub fn has_moved(&self) -> bool {
        (self.state.pane.scroll_position() - self.state.seen.get()).abs() >= ROUNDING
    }

    /// Restores the position in the next animation frame: the content has changed.
    pub fn settle_soon(&self) {
        self.state.settle_soon();
    }

    /// Whether the pane is shown: else there is nothing to scroll.
    pub fn is_shown(&self) -> bool {
        self.state.is_shown()
    }

    /// Scrolls a row to this offset below the pane's top (pixels), or as close to it as the pane's ends allow.
    pub fn show(&self, row: usize, offset: i32) {
        let row = u32::try_from(row).ok().and_then(|row| self.state.rows.children().item(row));
        if let Some(row) = row {
            let state = &self.state;
            state.scroll_by(state.offset_of(&row, Edge::Top) - f64::from(offset));
            state.arrived(Moved::Down);
        }
    }

    /// Scrolls to the oldest held row.
    pub fn to_start(&self) {
        self.state.pane.set_scroll_position(-f64::from(self.state.pane.scroll_height()));
        self.state.scrolled();
    }

    /// Scrolls to the newest held row, for a reader who wants to follow. It counts more than any scrolling before it, also
    /// what the browser has not reported yet.
    pub fn to_end(&self) {
        if self.state.is_shown() {
            self.state.moved.set(None);
            self.state.to_bottom();
            self.state.settle_soon();
        }
    }
}

impl Drop for Scroller {
    fn drop(&mut self) {
        if let Some(sizes) = &self.sizes {
            sizes.disconnect();
        }
        let listener = self.on_scroll.as_ref().unchecked_ref();
        let _ = self.state.pane.remove_event_listener_with_callback("scroll", listener);
    }
}

impl State {
    fn distance_to_bottom(&self) -> f64 {
        // It is positive while it bounces at the bottom.
        (-self.pane.scroll_position()).max(0.0)
    }

    /// How far the pane can be scrolled.
    fn range(&self) -> f64 {
        f64::from(self.pane.scroll_height() - self.pane.client_height())
    }

    fn distance_to_top(&self) -> f64 {
        self.range() - self.distance_to_bottom()
    }

    fn offset_of(&self, row: &Element, edge: Edge) -> f64 {
        let row = row.get_bounding_client_rect();
        let edge = match edge {
            Edge::Top => row.top(),
            Edge::Bottom => row.bottom(),
        };
        edge - self.pane.get_bounding_client_rect().top()
    }

    /// The browser has scrolled: the reader did, or this did.
    fn scrolled(&self) {
        if self.is_shown() {
            self.keep();
            if let Some(moved) = self.moved.take() {
                self.arrived(moved);
            }
        }
    }

    /// The reader is at another place: this is where they stay. Whoever scrolls up, by however little, wants to stay there.
    fn arrived(&self, moved: Moved) {
        let is_at_bottom = self.distance_to_bottom() <= AT_BOTTOM && self.handlers.at_latest();
        let follows = is_at_bottom && moved == Moved::Down;
        self.anchor_uppermost(follows);
        self.fill();
        self.load_more_if_near_end();
    }

    /// The browser reports a size of the pane or of its content, and is about to draw it.
    fn resized(self: &Rc<Self>) {
        if self.is_shown() {
            self.keep();
            self.settle_soon();
        }
    }

    /// Whether the pane is shown. The browser may have forgotten the position of one that was not.
    fn is_shown(&self) -> bool {
        let is_shown = self.pane.client_height() > 0;
        self.handlers.shown(is_shown);
        if self.is_hidden.replace(!is_shown) && is_shown {
            self.seen.set(self.pane.scroll_position());
        }
        is_shown
    }

    fn settle_soon(self: &Rc<Self>) {
        if self.settles.replace(true) {
            return;
        }
        let state = Rc::downgrade(self);
        request_animation_frame(move || {
            if let Some(state) = state.upgrade() {
                state.settles.set(false);
                state.settle();
            }
        });
    }

    /// The content may have changed.
    fn settle(&self) {
        if !self.is_shown() {
            return;
        }
        self.keep();
        // The browser has not reported yet that the reader has scrolled.
        if let Some(moved) = self.moved.take() {
            return self.arrived(moved);
        }
        let follows = self.handlers.follows();
        if follows || self.anchor.borrow().as_ref().is_none_or(|anchor| !anchor.row.is_connected()) {
            self.anchor_uppermost(follows);
        }
        self.fill();
        self.load_more_if_near_end();
    }

    /// Keeps the reader at the newest row, or the anchor where they see it. Whoever has scrolled is not taken back.
    fn keep(&self) {
        let (at, seen) = (self.pane.scroll_position(), self.seen.get());
        // Where there is less to scroll than before, the browser moves what lies beyond the end. The reader did not.
        let is_cut = seen.abs() > self.range() && at.abs() >= self.range() - ROUNDING;
        if is_cut {
            self.seen.set(at);
        } else if (at - seen).abs() >= ROUNDING {
            // Safari reports positions beyond the bottom while it bounces there: springing back is no scrolling up.
            self.moved.set(Some(if at.min(0.0) < seen.min(0.0) { Moved::Up } else { Moved::Down }));
        }
        match self.handlers.follows() && self.moved.get().is_none() {
            true => self.to_bottom(),
            false => self.hold(),
        }
    }

    /// Puts the anchor back to where the reader has it: where it was, moved by what they have scrolled since.
    fn hold(&self) {
        let at = self.pane.scroll_position();
        let scrolled = at - self.seen.get();
        self.seen.set(at);
        let mut anchor = self.anchor.borrow_mut();
        let Some(anchor) = anchor.as_mut().filter(|anchor| anchor.row.is_connected()) else { return };
        anchor.offset -= scrolled;
        let moved = self.offset_of(&anchor.row, anchor.edge) - anchor.offset;
        if moved.abs() >= ROUNDING {
            self.scroll_by(moved);
            // At the pane's ends there may be nothing left to scroll: then this is its place, and the reader's.
            let offset = self.offset_of(&anchor.row, anchor.edge);
            if (offset - anchor.offset).abs() >= ROUNDING {
                anchor.offset = offset;
                self.moved.set(Some(if self.distance_to_bottom() < ROUNDING { Moved::Down } else { Moved::Up }));
            }
        }
    }

    fn to_bottom(&self) {
        if self.pane.scroll_position() != 0.0 {
            self.pane.set_scroll_position(0.0);
        }
        self.seen.set(self.pane.scroll_position());
        // Where it is held, if the reader leaves the bottom, is known only then.
        self.anchor.take();
    }

    fn scroll_by(&self, distance: f64) {
        self.pane.set_scroll_position(self.pane.scroll_position() + distance);
        self.seen.set(self.pane.scroll_position());
    }

    /// Makes the uppermost visible row the anchor, and reports it.
    fn anchor_uppermost(&self, follows: bool) {
        let Some((place, row)) = self.uppermost() else {
            self.anchor.take();
            return self.handlers.scrolled(None, follows);
        };
        let (top, bottom) = (self.offset_of(&row, Edge::Top), self.offset_of(&row, Edge::Bottom));
        let is_whole = bottom <= f64::from(self.pane.client_height());
        let (edge, offset) = if is_whole { (Edge::Bottom, bottom) } else { (Edge::Top, top) };
        self.anchor.replace(Some(Anchor { row, edge, offset }));
        self.handlers.scrolled(Some(VisibleRow { place, offset: top.round() as i32 }), follows);
    }

    fn fill(&self) {
        let (Some(first), Some(last)) = (self.rows.first_element_child(), self.rows.last_element_child()) else {
            return;
        };
        let pane = self.pane.get_bounding_client_rect();
        let viewport = Viewport {
            pane: pane.height(),
            above: pane.top() - first.get_bounding_client_rect().top(),
            below: last.get_bounding_client_rect().bottom() - pane.bottom(),
        };
        let focused = document().active_element().filter(|focused| self.rows.contains(Some(focused)));
        self.handlers.fill(viewport, &|| self.heights());
        // When the focused message leaves the page, the keys still belong to the messages.
        if let Some(focused) = focused {
            let pane: Element = self.pane.clone().unchecked_into();
            request_animation_frame(move || {
                if !focused.is_connected() && is_focus_lost() {
                    focus_without_scrolling(&pane);
                }
            });
        }
    }

    fn load_more_if_near_end(&self) {
        let near = f64::from(self.pane.client_height()) * NEAR;
        if self.distance_to_top() < near {
            self.handlers.near_top();
        }
        if self.distance_to_bottom() < near && !self.handlers.at_latest() {
            self.handlers.near_bottom();
        }
    }

    /// The heights of the rows in the page.
    fn heights(&self) -> Vec<f64> {
        let rows = self.rows.children();
        let height = |place| rows.item(place).map(|row| row.get_bounding_client_rect().height());
        (0..rows.length()).filter_map(height).collect()
    }

    /// The first row that reaches below the pane's top, and its place. Found by binary search, since rows are in order.
    fn uppermost(&self) -> Option<(usize, Element)> {
        let rows = self.rows.children();
        let top = self.pane.get_bounding_client_rect().top();
        let (mut low, mut high) = (0, rows.length());
        while low < high {
            let middle = low + (high - low) / 2;
            if rows.item(middle)?.get_bounding_client_rect().bottom() <= top { low = middle + 1 } else { high = middle }
        }
        Some((usize::try_from(low).ok()?, rows.item(low)?))
    }
}

/// Where the page's head has left the pane, to the pixel (`start.js`). (Reading a fraction would need tables of 10 kB.)
fn start_position(pane: &Element) -> f64 {
    let start = pane.get_attribute("data-start").and_then(|start| start.parse::<i32>().ok());
    f64::from(start.unwrap_or_default())
}

/// Whether nothing has the focus: then it is the body's.
fn is_focus_lost() -> bool {
    document().active_element().is_none_or(|active| document().body().is_some_and(|body| *body == active))
}
