//! Phases of communication.

use super::super::pattern::patterns;
use super::super::words;
use super::super::{CERTAIN, LOOSE};
use super::{Proposal, Sentence, merged};
use crate::activities::model::ActivityPhase as Phase;
use crate::plans::parameters::Parameters;

patterns! {
    PHASES = r"trước,? (?:trong|trong khi)(?:,| và)? (?:và )?sau ";
}

/// The rule on the phases of communication.
pub(super) fn of(sentences: &[Sentence<'_>]) -> Vec<Proposal> {
    merged(sentences.iter().filter_map(read).collect(), |_, _| true, |_, _| {})
}

fn read(sentence: &Sentence<'_>) -> Option<Proposal> {
    if !sentence.key.contains("sau ") {
        return None;
    }
    let hit = PHASES.find(&sentence.key)?;
    let is_communication = words::has(&sentence.key, &["tuyên truyền", "truyền thông", "đưa tin"]);
    let phases = vec![Phase::Before, Phase::During, Phase::After];
    let confidence = if is_communication { CERTAIN } else { LOOSE };
    Some(sentence.propose(Parameters::CommunicationPhases { phases }, confidence, hit.start, sentence.text))
}
