//! Which document a citation means. Pure, and never a guess: what is not sure is left for a person.

use crate::ids::{DocumentId, PlanId};
use crate::official_text::identity::name_key;
use chrono::NaiveDate;

/// What a citation says of the document that it means, beside the number.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// The issuer in its form for comparing; empty where it is not named.
    pub issuer_key: String,
    /// The date.
    pub issued_on: Option<NaiveDate>,
    /// The plan that the citing plan says it carries out.
    pub parent_plan_id: Option<PlanId>,
}

impl Evidence {
    /// Of a citation as printed.
    pub fn new(issuer: Option<&str>, issued_on: Option<NaiveDate>, parent_plan_id: Option<PlanId>) -> Self {
        Self { issuer_key: issuer.map(name_key).unwrap_or_default(), issued_on, parent_plan_id }
    }
}

/// A document with the number that is cited.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Candidate {
    pub id: DocumentId,
    pub plan_id: Option<PlanId>,
    pub issuer_key: String,
    pub issued_on: Option<NaiveDate>,
}

/// What a citation means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// This document.
    One(DocumentId),
    /// One that may be in the registry, but which of them is not sure.
    Unsure,
    /// None that is in the registry.
    New,
}

/// Nothing that both sides state differs. One issuer may be printed with its place and once without.
fn fits(candidate: &Candidate, evidence: &Evidence) -> bool {
    let (one, other) = (candidate.issuer_key.as_str(), evidence.issuer_key.as_str());
    let longer = |long: &str, short: &str| long.strip_prefix(short).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    let is_issuer = one.is_empty() || other.is_empty() || longer(one, other) || longer(other, one);
    let is_date = candidate.issued_on.is_none() || evidence.issued_on.is_none() || candidate.issued_on == evidence.issued_on;
    is_issuer && is_date
}

/// The document that a citation means, of those with its number: the one that fits it and agrees in its date, or, where
/// one of the two has no date, in its issuer.
pub fn decide(candidates: &[Candidate], evidence: &Evidence) -> Verdict {
    let fitting: Vec<&Candidate> = candidates.iter().filter(|candidate| fits(candidate, evidence)).collect();
    let is_parent = |candidate: &Candidate| candidate.plan_id.is_some() && candidate.plan_id == evidence.parent_plan_id;
    if let Some(parent) = fitting.iter().find(|candidate| is_parent(candidate)) {
        return Verdict::One(parent.id);
    }
    let has_issuer = |candidate: &Candidate| !candidate.issuer_key.is_empty() && candidate.issuer_key == evidence.issuer_key;
    let dated: Vec<&&Candidate> =
        fitting.iter().filter(|candidate| candidate.issued_on.is_some() && candidate.issued_on == evidence.issued_on).collect();
    if let [one] = dated.iter().filter(|candidate| has_issuer(candidate)).collect::<Vec<_>>().as_slice() {
        return Verdict::One(one.id);
    }
    match (fitting.as_slice(), dated.as_slice()) {
        ([], _) => Verdict::New,
        (_, [one]) => Verdict::One(one.id),
        // Numbers begin anew each year: without a date an issuer tells only where there is nothing else to mean.
        ([one], []) if has_issuer(one) => Verdict::One(one.id),
        _ => Verdict::Unsure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(issuer: &str, day: Option<&str>) -> Candidate {
        Candidate { id: DocumentId::new(), plan_id: None, issuer_key: name_key(issuer), issued_on: day.map(|day| day.parse().unwrap()) }
    }

    fn evidence(issuer: &str, day: Option<&str>) -> Evidence {
        Evidence::new(Some(issuer), day.map(|day| day.parse().unwrap()), None)
    }

    #[test]
    fn date_and_issuer_tell_documents_of_one_number_apart() {
        let of = [
            candidate("Tỉnh ủy Yên Bái", Some("2019-06-13")),
            candidate("Tỉnh ủy Yên Bái", Some("2020-06-13")),
            candidate("Huyện ủy Lục Yên", Some("2019-06-13")),
        ];
        assert_eq!(decide(&of, &evidence("TỈNH UỶ Yên Bái", Some("2019-06-13"))), Verdict::One(of[0].id));
        assert_eq!(decide(&of, &evidence("Tỉnh ủy", Some("2020-06-13"))), Verdict::One(of[1].id));
        assert_eq!(decide(&of, &evidence("", Some("2019-06-13"))), Verdict::Unsure);
        assert_eq!(decide(&of, &evidence("Tỉnh ủy Yên Bái", None)), Verdict::Unsure);
        assert_eq!(decide(&of, &evidence("Thành ủy", Some("2019-06-13"))), Verdict::New);
        assert_eq!(decide(&of, &evidence("Tỉnh ủy Yên Bái", Some("2021-06-13"))), Verdict::New);
    }

    #[test]
    fn a_number_alone_is_never_enough() {
        let of = [candidate("Ban Bí thư", None)];
        assert_eq!(decide(&of, &evidence("", None)), Verdict::Unsure);
        assert_eq!(decide(&of, &evidence("Ban Bí thư", None)), Verdict::One(of[0].id));
        assert_eq!(decide(&of, &evidence("", Some("2019-06-13"))), Verdict::Unsure);
        assert_eq!(decide(&[], &evidence("", None)), Verdict::New);
    }

    #[test]
    fn the_plan_that_is_carried_out_is_known_by_that() {
        let plan = PlanId::new();
        let of = [candidate("Ban Chỉ đạo", None), Candidate { plan_id: Some(plan), ..candidate("Ban Chỉ đạo", Some("2023-03-24")) }];
        assert_eq!(decide(&of, &Evidence { parent_plan_id: Some(plan), ..Evidence::default() }), Verdict::One(of[1].id));
    }
}
