//! What the law of every place the contact may be in asks for, whatever the site's own policy says: the consent that marketing
//! needs there, and how many messages a day there may be. (The hours are the quiet gate's.)
//!
//! Facts with their sources, not advice.

use super::Case;
use crate::{
    calendar::quiet::{self, Whereabouts},
    channel::Channel,
    consent::{Level, Standing},
    conversation::Spend,
    delivery::Purpose,
    policy::Policy,
    time::DAY_MS,
    verdict::GateResult,
};

/// Zones of Canada, where a contact's own clock is all that tells: from `zone.tab` of tzdb 2026f, with older names.
const CANADA: &[&str] = &[
    "America/Atikokan",
    "America/Blanc-Sablon",
    "America/Cambridge_Bay",
    "America/Creston",
    "America/Dawson",
    "America/Edmonton",
    "America/Fort_Nelson",
    "America/Glace_Bay",
    "America/Goose_Bay",
    "America/Halifax",
    "America/Inuvik",
    "America/Iqaluit",
    "America/Moncton",
    "America/Montreal",
    "America/Nipigon",
    "America/Pangnirtung",
    "America/Rainy_River",
    "America/Rankin_Inlet",
    "America/Regina",
    "America/Resolute",
    "America/St_Johns",
    "America/Swift_Current",
    "America/Thunder_Bay",
    "America/Toronto",
    "America/Vancouver",
    "America/Whitehorse",
    "America/Winnipeg",
    "America/Yellowknife",
    "Canada/",
];

/// The consent that marketing needs by law, on some channels in some places.
struct Law {
    /// Regions that begin so (ISO 3166-2)…
    region: &'static str,
    /// …or IANA zones that begin so.
    zones: &'static [&'static str],
    channels: &'static [Channel],
    needs: Level,
    source: &'static str,
}

const LAWS: &[Law] = &[
    Law {
        region: "US-",
        zones: &[],
        channels: &[Channel::Sms],
        needs: Level::ExpressWritten,
        source: "47 CFR 64.1200(a)(2) and (f)(9)",
    },
    Law {
        region: "CA-",
        zones: CANADA,
        channels: &[Channel::Sms, Channel::Email],
        needs: Level::Implied,
        source: "CASL s. 6(1)(a)",
    },
    Law {
        region: "",
        zones: &["Europe/Berlin", "Europe/Busingen", "Europe/Vienna"],
        channels: &[Channel::Email],
        needs: Level::Confirmed,
        source: "UWG s. 7(2) no. 2 with BGH, I ZR 164/09; TKG 2021 s. 174",
    },
    Law {
        region: "",
        zones: &[
            "Europe/",
            "Atlantic/Canary",
            "Atlantic/Madeira",
            "Atlantic/Azores",
            "Atlantic/Reykjavik",
            "Asia/Nicosia",
        ],
        channels: &[Channel::Sms, Channel::Email],
        needs: Level::Express,
        source: "Directive 2002/58/EC Art. 13(1); PECR 2003 reg. 22",
    },
];

pub(super) fn judge(_: &Policy, case: &Case) -> GateResult {
    if case.purpose == Purpose::Marketing
        && let Some(law) =
            LAWS.iter().find(|law| law.holds(&case.whereabouts, case.channel) && !law.is_met(case))
    {
        return GateResult::deny(
            "jurisdiction.consent",
            &format!("Where the contact may be, the law asks for more consent to marketing: {}.", law.source),
            "The contact agrees as that law asks for.",
        );
    }
    daily_limit(case)
}

/// The consent that marketing needs on a channel by the site's policy and by the law of every place the contact may be in;
/// nothing where neither asks for any.
pub(crate) fn marketing_needs(policy: &Policy, place: &Whereabouts, channel: Channel) -> Option<Level> {
    let laws = LAWS.iter().filter(|law| law.holds(place, channel)).map(|law| law.needs);
    laws.chain(policy.need(channel, Purpose::Marketing)).max()
}

impl Law {
    fn holds(&self, place: &Whereabouts, channel: Channel) -> bool {
        let in_region = !self.region.is_empty() && place.regions.iter().any(|it| it.starts_with(self.region));
        let in_zone = place.zones.iter().any(|it| self.zones.iter().any(|zone| it.starts_with(zone)));
        self.channels.contains(&channel) && (in_region || in_zone)
    }

    fn is_met(&self, case: &Case) -> bool {
        matches!(&case.standing, Standing::Granted { level, .. } if *level >= self.needs)
    }
}

/// Some states allow only so many messages a day on one subject.
fn daily_limit(case: &Case) -> GateResult {
    let open =
        || GateResult::allow("jurisdiction.open", "No law where the contact may be stands against it.");
    let limit = quiet::daily_limit(&case.whereabouts).filter(|_| case.channel == Channel::Sms);
    let Some(limit) = limit.filter(|_| case.purpose.is_unasked()) else { return open() };
    let counts = |spend: &&Spend| spend.channel == case.channel && case.now.since_ms(spend.at) < DAY_MS;
    let mut today: Vec<_> = case.spent.iter().filter(counts).map(|spend| spend.at).collect();
    today.sort_unstable();
    let Some(last) = today.len().checked_sub(usize::from(limit)).and_then(|index| today.get(index)) else {
        return open();
    };
    GateResult::defer(
        "jurisdiction.daily_limit",
        last.plus_ms(DAY_MS),
        &format!("The contact's state allows {limit} such messages a day."),
        "A day passes.",
    )
    .because_of_all(case.spent.iter().filter(counts).filter_map(|spend| Some(spend.event.as_ref()?.as_str())))
}
