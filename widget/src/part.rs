//! A part of the panel's state: a plain value, and who is told when it changes.
//!
//! Leptos' own signals are compiled anew for every type they hold, which costs a page more than what they hold. A part
//! is a cell beside a [`ArcTrigger`], which is the same code for all of them.

use std::cell::RefCell;

use reactive_graph::{
    signal::ArcTrigger,
    traits::{Notify, Track},
};

/// A value whose readers run again when it changes.
pub(crate) struct Part<T> {
    value: RefCell<T>,
    changed: ArcTrigger,
}

impl<T> Part<T> {
    pub(crate) fn new(value: T) -> Self {
        Self { value: RefCell::new(value), changed: ArcTrigger::new() }
    }

    /// Reads the value; whoever asks inside an effect runs again when it changes.
    pub(crate) fn with<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        self.changed.track();
        self.peek(read)
    }

    /// Reads the value without being told of changes.
    pub(crate) fn peek<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        read(&self.value.borrow())
    }

    /// Changes the value.
    pub(crate) fn update<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        let result = change(&mut self.value.borrow_mut());
        self.changed.notify();
        result
    }

    /// Changes the value where there is something to change, and tells nobody otherwise.
    pub(crate) fn update_if<R>(&self, change: impl FnOnce(&mut T) -> Option<R>) -> Option<R> {
        let result = change(&mut self.value.borrow_mut());
        if result.is_some() {
            self.changed.notify();
        }
        result
    }

    /// Replaces the value.
    pub(crate) fn set(&self, value: T) {
        self.value.replace(value);
        self.changed.notify();
    }
}

impl<T: Clone> Part<T> {
    /// A copy of the value; see [`Part::with`].
    pub(crate) fn get(&self) -> T {
        self.with(T::clone)
    }

    /// A copy of the value; see [`Part::peek`].
    pub(crate) fn now(&self) -> T {
        self.peek(T::clone)
    }
}
