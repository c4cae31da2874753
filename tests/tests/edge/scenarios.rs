//! The text scenarios on the real thing: the same files that are played natively, each with a worker of its own, because it
//! moves the clock.

use e2e::scenario::{Workerd, folder, load, run};

fn plays(name: &str) {
    let scenario = load(&folder().join(format!("{name}.scn"))).unwrap_or_else(|error| panic!("{error}"));
    let mut stage = Workerd::start().unwrap_or_else(|error| panic!("{error}"));
    run(&scenario, &mut stage, &mut |_| {}).unwrap_or_else(|failure| panic!("{failure}"));
}

e2e::each_scenario!(plays);
