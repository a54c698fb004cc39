//! The real plan 81/KH-BCĐ of 2023 as it was published: nothing in it is corrected by hand.

use super::common::{day, real, rule, rules};
use ngayhoi::activities::model::ActivityPhase as Phase;
use ngayhoi::official_text::draft::DocumentKind;
use ngayhoi::official_text::parse;
use ngayhoi::participants::model::ParticipantCategory as Category;
use ngayhoi::plans::model::ClauseKind;
use ngayhoi::plans::model::Obligation;
use ngayhoi::plans::parameters::{AppliesTo, Compare, Measure, MoneySource, Parameters, PlanBody, PlanItem, QuotaBy, Template};
use ngayhoi::sites::dto::PriorityReason as Area;
use ngayhoi::sites::model::SiteKind;

#[test]
fn the_head_is_read_s01_to_s03_and_s09() {
    let draft = parse(&real());
    assert_eq!(draft.number.as_ref().map(|found| (found.value, found.line, found.confidence)), Some((81, 3, 1.0)));
    assert_eq!(draft.symbol.unwrap().value, "KH-BCĐ");
    assert_eq!(draft.document_number.unwrap().value, "81/KH-BCĐ");
    let kind = draft.kind.unwrap();
    assert_eq!((kind.value, kind.quote.as_str()), (DocumentKind::Plan, "KẾ HOẠCH"));
    let issuer = draft.issuer.unwrap().value;
    assert_eq!(issuer.name, "Ban Chỉ đạo phòng, chống tội phạm, tệ nạn xã hội và xây dựng phong trào toàn dân bảo vệ ANTQ tỉnh Yên Bái");
    assert_eq!(issuer.alias.as_deref(), Some("Ban Chỉ đạo 138 tỉnh"));
    assert_eq!(draft.issue_place.unwrap().value, "Yên Bái");
    assert_eq!(draft.issued_on.unwrap().value, day("2023-03-24"));
    assert_eq!(draft.title.unwrap().value, "Tổ chức \"Ngày hội toàn dân bảo vệ an ninh Tổ quốc\" trên địa bàn tỉnh Yên Bái năm 2023");
    assert_eq!(draft.year.unwrap().value, 2023);
    assert_eq!(draft.territory.unwrap().value, "tỉnh Yên Bái");
}

#[test]
fn short_names_are_read_s04() {
    let draft = parse(&real());
    let long = |short: &str| draft.aliases.iter().find(|alias| alias.short == short).and_then(|alias| alias.long.as_deref());
    assert_eq!(long("Ngày hội"), Some("Ngày hội toàn dân bảo vệ ANTQ"));
    assert_eq!(long("ANTQ"), Some("an ninh Tổ quốc"));
    assert_eq!(long("BCĐ 138 tỉnh"), Some("Ban Chỉ đạo 138 tỉnh"));
    assert_eq!(long("BCĐ"), Some("Ban Chỉ đạo"));
    assert_eq!(long("XDPT"), Some("Xây dựng phong trào"));
    let xdpt = draft.aliases.iter().find(|alias| alias.short == "XDPT").unwrap();
    assert_eq!((xdpt.line, xdpt.clause.as_deref(), xdpt.confidence), (118, Some("recipients"), 0.7));
    assert!(draft.aliases.iter().all(|alias| !["VT", "NC"].contains(&alias.short.as_str())));
}

#[test]
fn the_foot_is_read_s05_to_s07() {
    let draft = parse(&real());
    let signatory = draft.signatory.unwrap().value;
    assert_eq!(signatory.capacity, None);
    assert_eq!(signatory.title.as_deref(), Some("TRƯỞNG BAN"));
    assert_eq!(signatory.post.as_deref(), Some("PHÓ CHỦ TỊCH UBND TỈNH"));
    assert_eq!(signatory.name.as_deref(), Some("Ngô Hạnh Phúc"));
    let names: Vec<&str> = draft.recipients.iter().map(|recipient| recipient.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "Bộ Công an",
            "Cục XDPT bảo vệ ANTQ - Bộ Công an",
            "Thường trực Tỉnh ủy",
            "Chủ tịch, các Phó Chủ tịch UBND tỉnh",
            "Ủy ban MTTQ Việt Nam tỉnh",
            "Công an tỉnh",
            "Bộ CHQS tỉnh",
            "Các sở, ban, ngành, đoàn thể cấp tỉnh",
            "Các thành viên BCĐ 138 tỉnh",
            "UBND, BCĐ 138 các huyện, thị xã, thành phố",
            "Phòng XDPT bảo vệ ANTQ-Công an tỉnh",
            "Báo Yên Bái, Đài PTTH tỉnh",
            "Trung tâm Điều hành thông minh tỉnh",
        ]
    );
    assert_eq!(draft.archive, ["VT", "NC"]);
}

#[test]
fn the_clause_tree_is_whole_s08() {
    let draft = parse(&real());
    let references: Vec<&str> = draft.clauses.iter().map(|clause| clause.reference.as_str()).collect();
    let expected = "preamble I I.1 I.2 I.3 II II.1 II.1-1 II.1-2 II.1-3 II.1-4 II.2 II.2.1 footnote-1 II.2.2 II.2.2.1 II.2.2.1-1 II.2.2.1-2 \
        II.2.2.1-3 II.2.2.2 II.2.2.2.a II.2.2.2.a-1 II.2.2.2.a-2 II.2.2.2.a-3 II.2.2.2.a-4 II.2.2.2.b II.2.2.2.b-1 II.2.2.2.b-2 II.2.2.2.b-3 \
        II.2.2.2-note II.2.2.3 II.3 II.3-1 II.3-2 II.3-3 II.3-4 II.4 II.4.1 II.4.2 III III.1 III.1-1 III.1-2 III.1-3 III.2 III.3 III.3-1 III.3-2 \
        III.3-3 III.3-note closing";
    assert_eq!(references, expected.split_whitespace().collect::<Vec<_>>());
    let clause = |reference: &str| draft.clauses.iter().find(|clause| clause.reference == reference).unwrap();
    assert!(clause("II.1-1").text.contains("giải phóng dân tộc, xây dựng và bảo vệ Tổ quốc;"));
    assert_eq!((clause("II.1-1").line_from, clause("II.1-1").line_to), (25, 27));
    assert_eq!(clause("footnote-1").parent_reference.as_deref(), Some("II.1-2"));
    assert_eq!(clause("II.2.2.2.a").parent_reference.as_deref(), Some("II.2.2.2"));
    assert_eq!(clause("II.2.2.2.a").marker.as_deref(), Some("a)"));
    assert_eq!(clause("II.4.1").heading.as_deref(), Some("Ban Chỉ đạo 138 tỉnh"));
    assert_eq!(clause("II.2.2.2-note").kind, ClauseKind::Note);
    assert!(clause("closing").text.ends_with("giải quyết./"));
}

#[test]
fn every_cited_document_is_read_s93_to_s102() {
    let draft = parse(&real());
    let documents: Vec<(String, &str, String, &str)> = draft
        .documents
        .iter()
        .map(|document| {
            let date = document.issued_on.map(|date| date.to_string()).unwrap_or_default();
            (document.printed.join(" = "), document.issuer.as_deref().unwrap_or(""), date, document.subject.as_deref().unwrap_or(""))
        })
        .collect();
    let central = "Ban Chỉ đạo thực hiện phong trào toàn dân bảo vệ ANTQ Trung ương";
    let expected = [
        ("521/QĐ-TTg", "Thủ tướng Chính phủ", "2005-06-13", "\"Ngày hội toàn dân bảo vệ an ninh Tổ quốc (ANTQ)\""),
        ("21/HD-BCĐ = 21/HD-BCA-V05", central, "2022-11-04", "hướng dẫn tổ chức \"Ngày hội toàn dân bảo vệ ANTQ\""),
        ("01/HD-BCĐ", "Ban Chỉ đạo 138 tỉnh", "2023-02-20", "hướng dẫn tổ chức Ngày hội"),
        (
            "124/2021/TT-BCA",
            "Bộ Công an",
            "2021-12-28",
            "quy định khu dân cư, xã, phường, thị trấn, cơ quan, doanh nghiệp, cơ sở giáo dục đạt tiêu chuẩn \"An toàn về an ninh, trật tự\"",
        ),
        ("141-KH/TU", "Tỉnh ủy", "2019-06-13", "thực hiện Kết luận số 44-KH/TW"),
        ("44-KH/TW", "Ban Bí thư TW Đảng khóa XII", "2019-01-22", "tiếp tục thực hiện Chỉ thị số 09-CT/TW"),
        (
            "09-CT/TW",
            "Ban Bí thư khóa XI",
            "",
            "tăng cường sự lãnh đạo của Đảng đối với phong trào toàn dân bảo vệ ANTQ trong tình hình mới",
        ),
        ("01/CTr-UBND", "UBND tỉnh", "2023-01-04", "công tác xây dựng phong trào toàn dân bảo vệ ANTQ năm 2023"),
        ("13/PĐTĐ-BCĐ", "Ban Chỉ đạo 138 tỉnh", "2023-01-04", "phát động thi đua trong phong trào toàn dân bảo vệ ANTQ năm 2023"),
        ("2478/QĐ-UBND", "Ủy ban nhân dân tỉnh", "2022-12-09", "giao dự toán thu, chi ngân sách địa phương năm 2023"),
    ];
    let expected = expected.map(|(printed, issuer, date, subject)| (printed.to_owned(), issuer, date.to_owned(), subject));
    assert_eq!(documents, expected);
    let guidance = draft.documents.iter().find(|document| document.printed == ["01/HD-BCĐ"]).unwrap();
    assert_eq!(guidance.clauses, ["II.2.1", "II.3-2", "III.3-3"]);
    assert_eq!(draft.citations.len(), 13);
    assert_eq!(draft.legal_bases.iter().map(|basis| basis.printed.as_str()).collect::<Vec<_>>(), ["521/QĐ-TTg", "21/HD-BCĐ"]);
}

#[test]
fn the_findings_are_the_three_known_oddities_and_no_other() {
    let draft = parse(&real());
    let findings: Vec<(&str, &str)> = draft.findings.iter().map(|finding| (finding.code, finding.clause.as_deref().unwrap())).collect();
    assert_eq!(
        findings,
        [("one_document_two_symbols", "footnote-1"), ("symbol_contradicts_kind", "footnote-1"), ("citation_without_date", "footnote-1")]
    );
    assert!(
        draft.findings[1].message.en.contains("KL would be expected") && draft.findings[2].quote.as_deref().unwrap().contains("09-CT/TW")
    );
}

#[test]
fn window_and_limit_are_read_s61_and_s62() {
    let draft = parse(&real());
    let window = rule(&draft, "event_window");
    assert_eq!(window.parameters, Parameters::EventWindow { from: day("2023-07-01"), to: day("2023-08-19") });
    assert_eq!((window.clause.as_str(), window.confidence, window.obligation), ("II.2.2.3", 1.0, Obligation::Must));
    let limit = rule(&draft, "report_limit");
    assert_eq!(
        limit.parameters,
        Parameters::ReportLimit {
            on: day("2023-08-20"),
            inclusive: false,
            receiver: Some("Ban Chỉ đạo 138 tỉnh".to_owned()),
            through: Some("Phòng Xây dựng phong trào bảo vệ an ninh Tổ quốc, Công an tỉnh".to_owned()),
            opens_on: None,
            grace_days: None,
            closes_on: None,
        }
    );
    assert_eq!((limit.clause.as_str(), limit.confidence, limit.quote.as_str()), ("III.3-1", 1.0, "trước ngày 20/8/2023"));
}

#[test]
fn the_four_quotas_are_read_s49_to_s52() {
    let draft = parse(&real());
    let quota = |by, measure, compare, count, site_kind| Parameters::Quota { by, measure, compare, count, pilot: true, site_kind };
    let seen: Vec<(&Parameters, &str, Obligation, f64)> =
        rules(&draft, "quota").into_iter().map(|rule| (&rule.parameters, rule.clause.as_str(), rule.obligation, rule.confidence)).collect();
    let residential = Some(SiteKind::ResidentialArea);
    assert_eq!(
        seen,
        [
            (&quota(QuotaBy::EachLevel, Measure::Selected, Compare::AtLeast, 1, residential), "II.2.2.1-2", Obligation::Should, 1.0),
            (&quota(QuotaBy::Agency, Measure::Selected, Compare::AtLeast, 1, None), "II.2.2.1-2", Obligation::Should, 1.0),
            (&quota(QuotaBy::Province, Measure::Selected, Compare::Exactly, 2, None), "II.2.2.1-3", Obligation::Must, 1.0),
            (&quota(QuotaBy::District, Measure::Nominated, Compare::AtLeast, 1, None), "III.3-3", Obligation::Must, 1.0),
        ]
    );
    assert_eq!(rules(&draft, "quota")[2].also_in, ["III.1-2"]);
}

#[test]
fn the_other_rules_are_read() {
    use Category::*;
    let draft = parse(&real());
    let kinds = vec![
        SiteKind::ResidentialArea,
        SiteKind::Commune,
        SiteKind::Ward,
        SiteKind::Township,
        SiteKind::Agency,
        SiteKind::Enterprise,
        SiteKind::EducationalInstitution,
    ];
    assert_eq!(rule(&draft, "site_kinds").parameters, Parameters::SiteKinds { kinds });
    let areas = vec![Area::PriorityArea, Area::EthnicMinorityArea, Area::ReligiousArea, Area::IndustrialZone, Area::UrbanZone];
    let areas_rule = rule(&draft, "priority_areas");
    assert_eq!((&areas_rule.parameters, areas_rule.obligation), (&Parameters::PriorityAreas { areas, open: true }, Obligation::Should));
    assert_eq!(rule(&draft, "site_suitability").clause, "III.3-note");
    let guidance = rule(&draft, "guidance");
    assert_eq!(guidance.parameters, Parameters::Guidance { citation: "01/HD-BCĐ".to_owned() });
    assert_eq!((guidance.clause.as_str(), guidance.also_in.as_slice()), ("II.2.1", ["II.3-2".to_owned(), "III.3-3".to_owned()].as_slice()));
    let templates = rules(&draft, "invitation_template");
    let a = vec![ProvincialLeader, CommitteeMember, LocalLeader, MovementForce, Commended, CommunityElder, Press];
    let b = vec![CommitteeMember, LocalLeader, MovementForce, Commended, CommunityElder, FrontAndUnions];
    let (provincial, others) = (AppliesTo::ProvincialPilot, AppliesTo::OtherSites);
    assert_eq!(
        templates.iter().map(|rule| &rule.parameters).collect::<Vec<_>>(),
        [
            &Parameters::InvitationTemplate { template: Template::A, applies_to: provincial, categories: a, adaptable: false },
            &Parameters::InvitationTemplate { template: Template::B, applies_to: others, categories: b, adaptable: true },
        ]
    );
    assert_eq!((templates[0].clause.as_str(), templates[1].clause.as_str()), ("II.2.2.2.a", "II.2.2.2.b"));
    let bodies = vec![PlanBody::DistrictCommittee, PlanBody::ProvincialDepartment, PlanBody::MassOrganisation, PlanBody::CommitteeMember];
    let child = rule(&draft, "child_plan");
    assert_eq!((&child.parameters, child.clause.as_str()), (&Parameters::ChildPlan { bodies }, "II.3-2"));
    assert_eq!(child.also_in, ["III.3-1"]);
    let items = vec![
        PlanItem::Purpose,
        PlanItem::Requirements,
        PlanItem::Content,
        PlanItem::Programme,
        PlanItem::Form,
        PlanItem::Scope,
        PlanItem::Participants,
        PlanItem::Time,
    ];
    assert_eq!(rule(&draft, "child_plan_items").parameters, Parameters::ChildPlanItems { items });
    let phases = vec![Phase::Before, Phase::During, Phase::After];
    assert_eq!(rule(&draft, "communication_phases").parameters, Parameters::CommunicationPhases { phases });
    let Parameters::FundingSources { sources } = &rule(&draft, "funding_sources").parameters else { panic!() };
    let seen: Vec<(&str, MoneySource, Option<&str>)> =
        sources.iter().map(|source| (source.body.as_str(), source.source, source.citation.as_deref())).collect();
    let others = "Các cơ quan, đơn vị, địa phương";
    assert_eq!(
        seen,
        [
            ("Ban Chỉ đạo 138 tỉnh", MoneySource::Budget, Some("2478/QĐ-UBND")),
            (others, MoneySource::YearlyEstimate, None),
            (others, MoneySource::OtherLawful, None),
        ]
    );
    let route = Parameters::ObstacleRoute { to: "Ban Chỉ đạo 138 tỉnh".to_owned(), through: Some("Công an tỉnh".to_owned()) };
    assert_eq!((&rule(&draft, "obstacle_route").parameters, rule(&draft, "obstacle_route").clause.as_str()), (&route, "closing"));
    assert_eq!(rule(&draft, "principle").clause, "I.3");
    assert!(rules(&draft, "cost_limit").is_empty());
}

#[test]
fn each_item_of_the_last_section_is_a_duty_of_its_body() {
    let draft = parse(&real());
    let seen: Vec<(&str, String, String)> = rules(&draft, "duty")
        .into_iter()
        .map(|rule| match &rule.parameters {
            Parameters::Duty { body, text } => (rule.clause.as_str(), body.chars().take(28).collect(), text.chars().take(24).collect()),
            _ => unreachable!(),
        })
        .collect();
    let bodies = "Các sở, ban, ngành, đoàn thể";
    let expected = [
        ("III.1-1", "Công an tỉnh", "Chủ trì, đôn đốc, kiểm t"),
        ("III.1-2", "Công an tỉnh", "Tham mưu Ban Chỉ đạo 138"),
        ("III.1-3", "Công an tỉnh", "Tổng hợp kết quả báo cáo"),
        ("III.2", "Sở Thông tin và truyền thông", "Chỉ đạo các cơ quan thôn"),
        ("III.3-1", bodies, "Xây dựng kế hoạch triển "),
        ("III.3-2", bodies, "Phối hợp với lực lượng C"),
        ("III.3-3", bodies, "Ban Chỉ đạo 138 cấp huyệ"),
    ];
    assert_eq!(seen, expected.map(|(clause, body, text)| (clause, body.to_owned(), text.to_owned())));
}

#[test]
fn rules_are_numbered_in_order_and_serialise_with_their_kind() {
    let draft = parse(&real());
    let ids: Vec<String> = (1..=draft.rules.len()).map(|no| format!("R{no}")).collect();
    assert_eq!(draft.rules.iter().map(|rule| rule.rule_id.clone()).collect::<Vec<_>>(), ids);
    let json = serde_json::to_value(&draft).unwrap();
    for rule in json["rules"].as_array().unwrap() {
        assert_eq!(rule["kind"], rule["parameters"]["kind"]);
    }
    assert_eq!(json["kind"]["value"], "plan");
}
