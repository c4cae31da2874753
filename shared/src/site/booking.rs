//! What can be booked at a site, as its owner writes it: services, and the resources that do them.
//!
//! A [`Resource`] is whoever or whatever has the time: a mechanic, a room. A [`Service`] is what takes it. Hours are the
//! resource's local time; [`check()`] refuses at import what could not work, so that later readers may be total. Which
//! slots follow from it is [`crate::appointment::slots`].

mod check;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use check::check;

use crate::id::{ResourceId, ServiceId};

/// Spans of local time on one day, `HH:MM` to `HH:MM`, earliest first; `24:00` is the day's end. None: closed.
pub type Spans = Vec<(String, String)>;

/// What can be booked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booking {
    /// What can be booked.
    pub services: Vec<Service>,
    /// Whoever or whatever has the time.
    pub resources: Vec<Resource>,
}

/// Something that can be booked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// Its id, such as `svc_tune_up`.
    pub id: ServiceId,
    /// What people call it.
    pub name: String,
    /// How long it takes, in minutes.
    pub duration_min: u32,
    /// Who can do it; the first that is free does.
    pub resources: Vec<ResourceId>,
    /// Minutes between one start offered and the next, from the beginning of each span of hours; its duration where
    /// missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step_min: Option<u32>,
    /// Minutes the resource is taken before each appointment. They may lie outside the hours.
    #[serde(default)]
    pub buffer_before_min: u32,
    /// Minutes the resource is taken after each appointment. They may lie outside the hours.
    #[serde(default)]
    pub buffer_after_min: u32,
    /// How long before its start it must be booked, in minutes.
    #[serde(default)]
    pub notice_min: u32,
    /// How many days ahead it can be booked: 0 is today only.
    #[serde(default = "ahead_days")]
    pub ahead_days: u32,
    /// How many of it each resource does on one day of its own at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub daily_max: Option<u32>,
}

const fn ahead_days() -> u32 {
    60
}

impl Service {
    /// Minutes between one start offered and the next.
    pub fn step_min(&self) -> u32 {
        self.step_min.unwrap_or(self.duration_min)
    }
}

/// Whoever or whatever has the time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// Its id, such as `rsc_jun`.
    pub id: ResourceId,
    /// What people call it.
    pub name: String,
    /// Its IANA time zone.
    pub time_zone: String,
    /// Its hours by weekday (`mon` … `sun`), in its own zone. A missing day is closed.
    pub hours: BTreeMap<String, Spans>,
    /// Days with hours of their own, by date (`YYYY-MM-DD`); no spans is closed. Stronger than the site's holidays,
    /// which close every other resource.
    #[serde(default)]
    pub dates: BTreeMap<String, Spans>,
}

impl Booking {
    /// A service by its id.
    pub fn service(&self, id: &ServiceId) -> Option<&Service> {
        self.services.iter().find(|service| service.id == *id)
    }

    /// A resource by its id.
    pub fn resource(&self, id: &ResourceId) -> Option<&Resource> {
        self.resources.iter().find(|resource| resource.id == *id)
    }
}
