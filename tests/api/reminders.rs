//! Reminders by the schedule of a campaign: on time, each once, never after what was owed is done.

use super::duties::{self, charge};
use super::reports::{draft_of, enough, obligation_of, step};
use super::support::*;
use chrono::{DateTime, Utc};
use futures_util::future::join_all;
use ngayhoi::db::Db;
use ngayhoi::ids::CampaignId;
use ngayhoi::reminders::sweep::{Mailing, sweep, sweep_all};
use std::time::Duration;

const STAGES: &str = "/api/v1/reminder-stages";
const LIST: &str = "/api/v1/reminders";
const OBLIGATIONS: &str = "/api/v1/report-obligations";
/// An id that nothing has.
const NOBODY: &str = "018b2f19-e79e-7d6a-a56d-29feb6211b04";

/// Sweeps at an instant; gives how many reminders were sent.
async fn sweep_at(app: &TestApp, now: &str) -> usize {
    sweep_all(&Db::new(&app.database_url).unwrap(), Mailing::Off, instant(now)).await.unwrap().unwrap()
}

fn instant(now: &str) -> DateTime<Utc> {
    now.parse().unwrap()
}

/// The obligation of a commune, two levels below the province, alone in its campaign.
async fn commune_alone(app: &TestApp) -> (String, [String; 3]) {
    let desk = app.sign_in(Role::MovementDivision).await;
    app.execute("DELETE FROM report_obligations").await;
    let commune = app.org_unit_of_kind("commune_committee", "Mường Lai").await;
    let district = app.text(&format!("SELECT parent_id FROM org_units WHERE id = '{commune}'")).await;
    let province = app.text(&format!("SELECT parent_id FROM org_units WHERE id = '{district}'")).await;
    let made = desk.post(OBLIGATIONS, json!({"campaign_id": app.campaign_id().await, "org_unit_id": commune})).await;
    assert_eq!(made.expect(201)["due_before"], "2023-08-19T17:00:00Z");
    (made.id(), [commune, district, province])
}

/// Kind, level and addressee of what was sent, oldest first.
async fn sent(client: &Client, filter: &str) -> Vec<(String, i64, String)> {
    let list = client.get(&format!("{LIST}?sort=sent_at&limit=200&{filter}")).await;
    list.expect(200);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    list.items().iter().map(|one| (text(&one["stage_code"]), one["level"].as_i64().unwrap(), text(&one["to_org_unit_id"]))).collect()
}

async fn codes(client: &Client, filter: &str) -> Vec<String> {
    sent(client, filter).await.into_iter().map(|(code, ..)| code).collect()
}

#[tokio::test]
async fn each_stage_of_an_obligation_is_sent_once_at_its_hour_and_what_is_planned_and_was_sent_is_shown() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let (obligation, [commune, district, top]) = commune_alone(&app).await;
    let path = format!("{OBLIGATIONS}/{obligation}/reminders");
    let expected = [
        ("2023-08-12T08:00:00+07:00", "report_due_in_7_days", "due_soon", 1, &commune),
        ("2023-08-16T08:00:00+07:00", "report_due_in_3_days", "due_soon", 1, &commune),
        ("2023-08-19T08:00:00+07:00", "report_due_today", "due_today", 1, &commune),
        ("2023-08-20T08:00:00+07:00", "report_overdue", "overdue", 1, &commune),
        ("2023-08-21T08:00:00+07:00", "report_escalated", "escalated", 2, &district),
        ("2023-08-22T08:00:00+07:00", "report_escalated", "escalated", 3, &top),
    ];
    let plan = province.get(&path).await;
    assert_eq!((&plan.expect(200)["sent"], &plan.body["due_before"]), (&json!([]), &json!("2023-08-19T17:00:00Z")));
    let planned: Vec<Value> = plan.body["planned"].as_array().unwrap().clone();
    assert_eq!(planned.len(), expected.len());
    for (line, (at, code, kind, level, to)) in planned.iter().zip(&expected) {
        assert_eq!(instant(line["planned_at"].as_str().unwrap()), instant(at));
        assert_eq!((&line["stage_code"], &line["kind"]), (&json!(code), &json!(kind)));
        assert_eq!((&line["level"], &line["to_org_unit_id"]), (&json!(level), &json!(to)));
    }
    for (turn, (at, code, kind, level, to)) in expected.iter().enumerate() {
        let before = (instant(at) - chrono::Duration::seconds(1)).to_rfc3339();
        assert_eq!(sweep_at(&app, &before).await, 0, "{code} comes early");
        assert_eq!(sweep_at(&app, at).await, 1, "{code} does not come");
        assert_eq!(sweep_at(&app, at).await, 0, "{code} comes twice");
        assert_eq!(sweep_at(&app, &at.replace("08:00:00", "23:00:00")).await, 0, "{code} comes again in the evening");
        app.set_now(at);
        let shown = province.get(&path).await;
        let (told, to_come) = (shown.expect(200)["sent"].as_array().unwrap(), shown.body["planned"].as_array().unwrap());
        assert_eq!((told.len(), to_come.len()), (turn + 1, expected.len() - turn - 1));
        let last = &told[turn];
        assert_eq!((&last["stage_code"], &last["kind"], &last["level"]), (&json!(code), &json!(kind), &json!(level)));
        assert_eq!((&last["to_org_unit_id"], &last["org_unit_id"]), (&json!(to), &json!(commune)));
        assert_eq!((&last["obligation_id"], &last["duty_id"], &last["subject"]), (&json!(obligation), &json!(null), &json!("report")));
        assert_eq!((instant(last["sent_at"].as_str().unwrap()), &last["planned_at"]), (instant(at), &last["sent_at"]));
        let one = province.get(&format!("{LIST}/{}", last["id"].as_str().unwrap())).await;
        assert_eq!(one.expect(200), last);
    }
    assert_eq!(sweep_at(&app, "2023-12-31T08:00:00+07:00").await, 0, "after the body that demands nobody is left");
    // History outlives what it was about.
    province.delete_if(&format!("{OBLIGATIONS}/{obligation}"), "*").await.expect(204);
    province.get(&path).await.expect_problem(404, "not_found");
    assert_eq!(sent(&province, &format!("obligation_id={obligation}")).await.len(), expected.len());
}

#[tokio::test]
async fn who_sets_the_clock_of_a_demo_sees_at_once_what_is_sent_by_it() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let (obligation, _) = commune_alone(&app).await;
    let mut told = Vec::new();
    for (now, code) in [
        ("2023-08-19T07:59:00+07:00", Some("report_due_in_3_days")),
        ("2023-08-19T08:00:00+07:00", Some("report_due_today")),
        ("2023-08-19T18:00:00+07:00", None),
        ("2023-08-20T09:00:00+07:00", Some("report_overdue")),
    ] {
        province.put("/api/v1/demo/clock", json!({"now": now})).await.expect(200);
        told.extend(code.map(str::to_owned));
        assert_eq!(codes(&province, &format!("obligation_id={obligation}")).await, told, "{now}");
    }
}

#[tokio::test]
async fn the_feed_tells_of_a_reminder_to_whom_it_went_and_names_no_person() {
    let app = TestApp::start().await;
    let (obligation, [commune, district, _]) = commune_alone(&app).await;
    let below = app.account(Role::Commune, &commune).await;
    let above = app.account(Role::District, &district).await;
    assert_eq!(sweep_at(&app, "2023-08-20T08:00:00+07:00").await, 1);
    assert_eq!(sweep_at(&app, "2023-08-21T08:00:00+07:00").await, 1);
    // The feed never passes the oldest transaction that still runs, so a change may be a moment late.
    let told = async |client: &Client, count: usize| {
        let mut items = Vec::new();
        for _ in 0..100 {
            items = client.get("/api/v1/changes?resource=reminder&limit=50").await.items().clone();
            if items.len() >= count {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        items.into_iter().map(|event| (event["data"]["kind"].clone(), event["data"]["obligation_id"].clone())).collect::<Vec<_>>()
    };
    let (overdue, escalated) = ((json!("overdue"), json!(obligation)), (json!("escalated"), json!(obligation)));
    assert_eq!(told(&above, 2).await, [overdue.clone(), escalated]);
    assert_eq!(told(&below, 1).await, [overdue]);
    let rows = app.sql("SELECT action, actor_id, data::text FROM events WHERE resource = 'reminder'").await;
    for row in rows {
        assert_eq!((&row["action"], &row["actor_id"]), (&json!("sent"), &json!(uuid::Uuid::nil())));
        assert!(!row["data"].as_str().unwrap().contains("name"), "{row}");
    }
}

#[tokio::test]
async fn of_six_sweeps_at_once_each_reminder_is_sent_by_one() {
    let app = TestApp::start_wide().await;
    app.execute("UPDATE duties SET deadline = '2023-08-20T00:00+07' WHERE rule_id = 'R19'").await;
    let owed = app.number("SELECT count(*) FROM report_obligations").await;
    let duties = app.number("SELECT count(*) FROM duties WHERE rule_id = 'R19'").await;
    let campaign = CampaignId(app.campaign_id().await.parse().unwrap());
    // Past the lock of the sweep: the keys alone must do.
    for at in ["2023-08-16T08:00:00+07:00", "2023-08-20T08:00:00+07:00", "2023-08-21T08:00:00+07:00"] {
        let dbs: Vec<Db> = (0..6).map(|_| Db::new(&app.database_url).unwrap()).collect();
        let swept =
            join_all(dbs.iter().map(|db| db.transaction(async move |conn| sweep(conn, campaign, Mailing::Off, instant(at)).await))).await;
        let swept: Vec<usize> = swept.into_iter().map(Result::unwrap).collect();
        let total = i64::try_from(swept.iter().sum::<usize>()).unwrap();
        assert_eq!(total, app.number(&format!("SELECT count(*) FROM reminders WHERE sent_at = '{at}'")).await, "{swept:?}");
        let doubled =
            "SELECT count(*) FROM (SELECT FROM reminders GROUP BY sent_at, obligation_id, duty_id HAVING count(*) > 1) AS doubled";
        assert_eq!(app.number(doubled).await, 0);
        if !at.starts_with("2023-08-21") {
            assert_eq!(total, owed + duties);
        }
    }
    assert_eq!(
        app.number("SELECT count(*) FROM reminders").await,
        app.number("SELECT count(*) FROM events WHERE resource = 'reminder'").await
    );
    assert_eq!(
        app.number("SELECT count(*) FROM duty_reminders").await,
        app.number("SELECT count(*) FROM reminders WHERE duty_id IS NOT NULL AND kind <> 'due_soon'").await
    );
    // By the lock, of those that begin while one is at it, the others leave it alone.
    let holder = sql::connect(&app.database_url).await.unwrap();
    holder.batch_execute("BEGIN; SELECT pg_advisory_xact_lock(8138500001)").await.unwrap();
    let db = Db::new(&app.database_url).unwrap();
    assert_eq!(sweep_all(&db, Mailing::Off, instant("2023-08-22T08:00:00+07:00")).await.unwrap(), None);
    holder.batch_execute("COMMIT").await.unwrap();
    assert!(sweep_all(&db, Mailing::Off, instant("2023-08-22T08:00:00+07:00")).await.unwrap().is_some());
}

#[tokio::test]
async fn a_sweep_that_is_killed_in_the_middle_loses_nothing_and_doubles_nothing() {
    let app = TestApp::start().await;
    app.execute("UPDATE duties SET deadline = '2023-08-20T00:00+07' WHERE rule_id = 'R19'").await;
    let at = "2023-08-20T08:00:00+07:00";
    let all = app.number("SELECT (SELECT count(*) FROM report_obligations) + (SELECT count(*) FROM duties WHERE rule_id = 'R19')").await;
    let campaign = CampaignId(app.campaign_id().await.parse().unwrap());
    let db = Db::new(&app.database_url).unwrap();
    let killed = db
        .transaction(async |conn| {
            assert_eq!(i64::try_from(sweep(conn, campaign, Mailing::Off, instant(at)).await?).unwrap(), all);
            // The connection dies with everything written and nothing committed.
            app.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                 WHERE datname = current_database() AND state = 'idle in transaction' AND pid <> pg_backend_pid()",
            )
            .await;
            Ok(())
        })
        .await;
    assert!(killed.is_err(), "the commit cannot have come through");
    for table in ["reminders", "duty_reminders"] {
        assert_eq!(app.number(&format!("SELECT count(*) FROM {table}")).await, 0, "{table}");
    }
    assert_eq!(app.number("SELECT count(*) FROM events WHERE resource = 'reminder' OR action = 'reminded'").await, 0);
    assert_eq!(i64::try_from(sweep_at(&app, "2023-08-20T08:01:00+07:00").await).unwrap(), all, "the next minute makes up for it");
    assert_eq!(sweep_at(&app, "2023-08-20T08:02:00+07:00").await, 0);
    assert_eq!(app.number("SELECT count(DISTINCT coalesce(obligation_id, duty_id)) FROM reminders").await, all);
    assert_eq!(app.number("SELECT count(*) FROM events WHERE resource = 'reminder'").await, all);
}

#[tokio::test]
async fn after_two_days_of_outage_only_the_latest_stage_is_sent() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let (obligation, [_, _, top]) = commune_alone(&app).await;
    assert_eq!(sweep_at(&app, "2023-08-17T09:00:00+07:00").await, 1, "that of seven days before was missed, and never comes");
    // Down on the 19th and the 20th.
    assert_eq!(sweep_at(&app, "2023-08-20T23:00:00+07:00").await, 1);
    assert_eq!(sweep_at(&app, "2023-08-20T23:01:00+07:00").await, 0);
    // Down on the 21st and the 22nd: the body above is passed over.
    assert_eq!(sweep_at(&app, "2023-08-23T09:00:00+07:00").await, 1);
    assert_eq!(sweep_at(&app, "2023-08-24T09:00:00+07:00").await, 0);
    let told = sent(&province, &format!("obligation_id={obligation}")).await;
    assert_eq!(told.iter().map(|one| one.0.as_str()).collect::<Vec<_>>(), ["report_due_in_3_days", "report_overdue", "report_escalated"]);
    assert_eq!((told[2].1, &told[2].2), (3, &top));
    let late = app.number("SELECT count(*) FROM reminders WHERE sent_at > planned_at").await;
    assert_eq!(late, 3, "what came late says so");
}

#[tokio::test]
async fn who_submitted_is_exempt_or_was_given_longer_is_not_reminded_by_the_old_limit() {
    let app = TestApp::start().await;
    let (desk, province) = (app.sign_in(Role::MovementDivision).await, app.sign_in(Role::ProvincialAdministrator).await);
    let (lucyen, report) = draft_of(&app, "Lục Yên", enough()).await;
    let [exempt, extended, drafting] = ["Văn Yên", "Trạm Tấu", "Yên Bình"];
    let (vanyen, tramtau) = (obligation_of_district(&app, exempt).await, obligation_of_district(&app, extended).await);
    let (_, draft) = draft_of(&app, drafting, enough()).await;
    let all = app.number("SELECT count(*) FROM report_obligations").await;
    assert_eq!(i64::try_from(sweep_at(&app, "2023-08-12T08:00:00+07:00").await).unwrap(), all);

    app.set_now("2023-08-18T08:00:00+07:00");
    step(&lucyen, &report, "submit").await.expect(200);
    desk.post_if(&format!("{OBLIGATIONS}/{vanyen}/exempt"), "*", json!({"reason": "Hợp nhất"})).await.expect(200);
    let longer = json!({"until": "2023-08-28T00:00:00+07:00", "reason": "Mưa lũ"});
    desk.post_if(&format!("{OBLIGATIONS}/{tramtau}/extend"), "*", longer).await.expect(200);
    for (obligation, count) in [(report.body["obligation_id"].as_str().unwrap(), 0), (&vanyen, 0), (&tramtau, 5)] {
        let shown = province.get(&format!("{OBLIGATIONS}/{obligation}/reminders")).await;
        assert_eq!(shown.expect(200)["planned"].as_array().unwrap().len(), count, "{}", shown.text);
        assert_eq!(shown.body["sent"].as_array().unwrap().len(), 1, "what was sent stays");
    }
    for day in ["2023-08-19", "2023-08-20", "2023-08-21"] {
        sweep_at(&app, &format!("{day}T08:00:00+07:00")).await;
        for (obligation, count) in [(report.body["obligation_id"].as_str().unwrap(), 1), (&vanyen, 1)] {
            let told = codes(&province, &format!("obligation_id={obligation}")).await;
            assert_eq!(told.len(), count, "{day}: {told:?}");
        }
    }
    // Of the new limit: seven days before the 27th, and three.
    assert_eq!(codes(&province, &format!("obligation_id={tramtau}")).await, ["report_due_in_7_days", "report_due_in_7_days"]);
    let a_draft_is_no_report = codes(&province, &format!("obligation_id={}", draft.body["obligation_id"].as_str().unwrap())).await;
    assert_eq!(a_draft_is_no_report, ["report_due_in_7_days", "report_due_today", "report_overdue", "report_escalated"]);
    app.set_now("2023-08-22T08:00:00+07:00");
    desk.post_if(&format!("{OBLIGATIONS}/{vanyen}/restore"), "*", json!({"reason": "Vẫn phải báo cáo"})).await.expect(200);
    sweep_at(&app, "2023-08-22T09:00:00+07:00").await;
    assert_eq!(codes(&province, &format!("obligation_id={vanyen}")).await, ["report_due_in_7_days", "report_escalated"]);
    sweep_at(&app, "2023-08-24T08:00:00+07:00").await;
    sweep_at(&app, "2023-08-28T08:00:00+07:00").await;
    let told = codes(&province, &format!("obligation_id={tramtau}")).await;
    assert_eq!(told[2..], ["report_due_in_3_days", "report_overdue"]);
    // What was returned was submitted once, and is not asked for as if it were missing.
    let submitted = desk.get(&report.location()).await;
    desk.post_if(&format!("{}/return", report.location()), &submitted, json!({"comment": "Rà soát"})).await.expect(200);
    sweep_at(&app, "2023-08-29T08:00:00+07:00").await;
    assert_eq!(codes(&province, &format!("obligation_id={}", report.body["obligation_id"].as_str().unwrap())).await.len(), 1);
}

async fn obligation_of_district(app: &TestApp, name: &str) -> String {
    let unit = app.org_unit_of_kind("district_committee", name).await;
    obligation_of(app, &unit).await
}

#[tokio::test]
async fn a_campaign_that_is_closed_or_a_draft_reminds_nobody() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let (obligation, _) = commune_alone(&app).await;
    app.execute("UPDATE duties SET deadline = '2023-08-20T00:00+07'").await;
    for state in ["closed", "draft"] {
        app.execute(&format!("UPDATE campaigns SET state = '{state}'")).await;
        assert_eq!(sweep_at(&app, "2023-08-20T08:00:00+07:00").await, 0, "{state}");
        let shown = province.get(&format!("{OBLIGATIONS}/{obligation}/reminders")).await;
        assert_eq!(shown.expect(200)["planned"], json!([]), "{state}");
    }
    // One that is being closed while the sweep begins.
    app.execute("UPDATE campaigns SET state = 'reporting'").await;
    let closing = sql::connect(&app.database_url).await.unwrap();
    closing.batch_execute("BEGIN; UPDATE campaigns SET state = 'closed'").await.unwrap();
    let commit = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        closing.batch_execute("COMMIT").await.unwrap();
    };
    let (swept, ()) = tokio::join!(sweep_at(&app, "2023-08-20T08:00:00+07:00"), commit);
    assert_eq!(swept, 0);
    assert_eq!(app.number("SELECT (SELECT count(*) FROM reminders) + (SELECT count(*) FROM duty_reminders)").await, 0);
    assert_eq!(app.number("SELECT count(*) FROM events WHERE resource = 'reminder'").await, 0);
}

#[tokio::test]
async fn a_clock_that_is_set_back_sends_nothing_twice() {
    let app = TestApp::start().await;
    app.execute("UPDATE duties SET deadline = '2023-08-20T00:00+07' WHERE rule_id = 'R19'").await;
    assert!(sweep_at(&app, "2023-08-20T08:00:00+07:00").await > 0);
    let count = app.number("SELECT count(*) FROM reminders").await;
    for at in ["2023-08-12T08:00:00+07:00", "2023-08-16T09:00:00+07:00", "2023-08-19T08:00:00+07:00", "2023-08-20T08:00:00+07:00"] {
        assert_eq!(sweep_at(&app, at).await, 0, "{at}");
    }
    assert_eq!(app.number("SELECT count(*) FROM reminders").await, count);
    assert!(sweep_at(&app, "2023-08-21T08:00:00+07:00").await > 0, "it goes on from where it was");
}

#[tokio::test]
async fn duties_are_swept_likewise_and_their_own_log_climbs_with_reminders_by_hand() {
    let app = TestApp::start().await;
    app.execute("DELETE FROM report_obligations").await;
    let standing = app.sign_in(Role::StandingAgency).await;
    let commune = app.shared.account(Role::Commune).org_unit_id.to_string();
    let district = app.text(&format!("SELECT parent_id FROM org_units WHERE id = '{commune}'")).await;
    let issuer = app.org_unit_of_kind("provincial_committee", "").await;
    let duty = charge(&app, json!({"org_unit_id": commune, "deadline": "2023-08-20T00:00:00+07:00"})).await;
    let done = charge(&app, json!({"org_unit_id": commune, "deadline": "2023-08-20T00:00:00+07:00", "title": "Việc khác"})).await;
    assert_eq!(sweep_at(&app, "2023-08-16T08:00:00+07:00").await, 2);
    let client = app.sign_in(Role::Commune).await;
    client.post_empty_if(&duties::step(&done, "start"), "*").await.expect(200);
    client.post_if(&duties::step(&done, "complete"), "*", json!({"note": "Xong"})).await.expect(200);
    assert_eq!(sweep_at(&app, "2023-08-20T08:00:00+07:00").await, 1, "what is done is not reminded of");
    // By hand, an hour before the service would: it does not do it again that day, and goes on from there.
    app.set_now("2023-08-21T07:00:00+07:00");
    let by_hand = standing.post_empty(&duties::step(&duty, "remind")).await;
    assert_eq!((&by_hand.expect(200)["level"], &by_hand.body["to_org_unit_id"]), (&json!(2), &json!(district)));
    assert_eq!(sweep_at(&app, "2023-08-21T08:00:00+07:00").await, 0);
    assert_eq!(sweep_at(&app, "2023-08-22T08:00:00+07:00").await, 1);
    let told = sent(&standing, &format!("duty_id={}", duty.id())).await;
    let expected =
        [("duty_due_in_3_days", 1, commune.clone()), ("duty_overdue", 1, commune.clone()), ("duty_escalated", 3, issuer.clone())];
    assert_eq!(told, expected.map(|(code, level, to)| (code.to_owned(), level, to)));
    let log = standing.get(&format!("{}/reminders?sort=reminded_at", duty.location())).await;
    let levels: Vec<_> = log.items().iter().map(|line| (line["reminded_on"].clone(), line["level"].clone())).collect();
    assert_eq!(
        levels,
        [(json!("2023-08-20"), json!(1)), (json!("2023-08-21"), json!(2)), (json!("2023-08-22"), json!(3))],
        "the log of the duty has both kinds"
    );
    assert_eq!(app.number("SELECT count(*) FROM events WHERE resource = 'duty' AND action = 'reminded'").await, 3);
    assert_eq!(standing.get(&duty.location()).await.etag(), duty.etag(), "a reminder does not change the duty");
}

#[tokio::test]
async fn a_campaign_begins_with_a_schedule_and_a_clone_takes_over_that_of_its_source() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let campaign = app.campaign_id().await;
    let of = async |campaign: &str| {
        let list = province.get(&format!("{STAGES}?campaign_id={campaign}&sort=days&with_total=true")).await;
        let line = |stage: &Value| {
            format!("{} {} {} {} {}", stage["code"], stage["days"], stage["local_time"], stage["levels"], stage["is_active"])
                .replace('"', "")
        };
        let mut lines: Vec<String> = list.items().iter().map(line).collect();
        lines.sort();
        assert_eq!(list.expect(200)["total"], lines.len());
        lines
    };
    let defaults = of(&campaign).await;
    assert_eq!(defaults.len(), 8);
    assert!(defaults.contains(&"report_due_in_7_days -7 08:00 null true".to_owned()), "{defaults:?}");
    assert!(defaults.contains(&"report_escalated 2 08:00 3 true".to_owned()), "{defaults:?}");
    let body = json!({"org_unit_id": app.org_unit_of_kind("provincial_committee", "").await, "name": "Ngày hội năm 2025", "year": 2025,
                      "event_from": "2025-07-01", "event_to": "2025-08-19", "report_due_before": "2025-08-20",
                      "provincial_pilot_count": 2, "min_district_nominations": 1});
    let fresh = province.post("/api/v1/campaigns", body).await;
    fresh.expect(201);
    assert_eq!(of(&fresh.id()).await, defaults);
    let today = province.get(&format!("{STAGES}?campaign_id={campaign}&kind=due_today")).await.items()[0].clone();
    let path = format!("{STAGES}/{}", today["id"].as_str().unwrap());
    province.patch_if(&path, "*", json!({"local_time": "07:15", "is_active": false})).await.expect(200);
    let clone = province.post(&format!("/api/v1/campaigns/{campaign}/clone"), json!({"year": 2024})).await;
    let cloned = clone.expect(201)["campaign"]["id"].as_str().unwrap().to_owned();
    let taken_over = of(&cloned).await;
    assert!(taken_over.contains(&"report_due_today 0 07:15 null false".to_owned()), "{taken_over:?}");
    assert_eq!(taken_over, of(&campaign).await);
}

#[tokio::test]
async fn the_province_adds_moves_stops_and_deletes_stages_and_the_sweep_goes_by_them() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let (obligation, _) = commune_alone(&app).await;
    let campaign = app.campaign_id().await;
    let body = json!({"campaign_id": campaign, "code": "report_due_in_14_days", "subject": "report", "kind": "due_soon",
                      "days": -14, "local_time": "07:30"});
    let made = province.post(STAGES, body.clone()).await;
    assert_eq!((&made.expect(201)["is_active"], &made.body["levels"]), (&json!(true), &json!(null)));
    assert_eq!(province.get(&made.location()).await.expect(200), &made.body);
    province.get_if_none_match(&made.location(), &made).await.expect(304);
    province.post(STAGES, body).await.expect_problem(409, "duplicate");
    assert_eq!(sweep_at(&app, "2023-08-05T07:29:59+07:00").await, 0);
    let moved = province.patch_if(&made.location(), &made, json!({"local_time": "09:00"})).await;
    assert_eq!((&moved.expect(200)["local_time"], &moved.body["version"]), (&json!("09:00"), &json!(2)));
    assert_eq!(sweep_at(&app, "2023-08-05T08:59:59+07:00").await, 0);
    assert_eq!(sweep_at(&app, "2023-08-05T09:00:00+07:00").await, 1);
    assert_eq!(codes(&province, &format!("obligation_id={obligation}")).await, ["report_due_in_14_days"]);
    province.delete_if(&made.location(), &moved).await.expect_problem(409, "in_use");
    let again = province.patch_if(&made.location(), &moved, json!({"local_time": "10:00"})).await;
    again.expect(200);
    assert_eq!(sweep_at(&app, "2023-08-05T10:00:00+07:00").await, 0, "what was sent under it is not sent again");
    // What is stopped is not sent, nor planned.
    for stage in province.get(&format!("{STAGES}?campaign_id={campaign}&subject=report&is_active=true")).await.items() {
        let path = format!("{STAGES}/{}", stage["id"].as_str().unwrap());
        province.patch_if(&path, "*", json!({"is_active": false})).await.expect(200);
    }
    assert!(province.get(&format!("{STAGES}?campaign_id={campaign}&subject=report&is_active=true")).await.items().is_empty());
    assert_eq!(sweep_at(&app, "2023-08-12T08:00:00+07:00").await, 0);
    let shown = province.get(&format!("{OBLIGATIONS}/{obligation}/reminders")).await;
    assert_eq!(shown.expect(200)["planned"], json!([]));
    let unused = province.get(&format!("{STAGES}?campaign_id={campaign}&kind=due_today")).await.items()[0].clone();
    let path = format!("{STAGES}/{}", unused["id"].as_str().unwrap());
    province.delete_if(&path, "*").await.expect(204);
    province.get(&path).await.expect_problem(404, "not_found");
    let told: Vec<String> = app
        .sql("SELECT action FROM events WHERE resource = 'reminder_stage' ORDER BY seq")
        .await
        .iter()
        .map(|row| row["action"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!((told.first().unwrap().as_str(), told.last().unwrap().as_str()), ("created", "deleted"));
}

#[tokio::test]
async fn stages_are_the_provinces_to_change_and_those_that_make_no_sense_are_refused() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let campaign = app.campaign_id().await;
    let body = |members: Value| {
        let mut body =
            json!({"campaign_id": campaign, "code": "own", "subject": "report", "kind": "due_soon", "days": -2, "local_time": "08:00"});
        body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        body
    };
    for (members, fields) in [
        (json!({"days": 0}), vec!["/days does_not_fit_kind"]),
        (json!({"days": 3}), vec!["/days does_not_fit_kind"]),
        (json!({"kind": "due_today", "days": 1}), vec!["/days does_not_fit_kind"]),
        (json!({"kind": "overdue", "days": 0}), vec!["/days does_not_fit_kind"]),
        (json!({"kind": "escalated", "days": 2}), vec!["/levels does_not_fit_kind"]),
        (json!({"kind": "escalated", "days": -2, "levels": 2}), vec!["/days does_not_fit_kind"]),
        (json!({"levels": 2}), vec!["/levels does_not_fit_kind"]),
        (json!({"days": 366}), vec!["/days too_large"]),
        (json!({"kind": "escalated", "days": 2, "levels": 6}), vec!["/levels too_large"]),
        (json!({"campaign_id": NOBODY}), vec!["/campaign_id unknown_reference"]),
    ] {
        let refused = province.post(STAGES, body(members.clone())).await;
        refused.expect_problem(422, "validation_failed");
        assert_eq!(refused.fields(), fields, "{members}");
    }
    for members in
        [json!({"local_time": "24:00"}), json!({"local_time": "8:00"}), json!({"code": "Mã"}), json!({"kind": "never"}), json!({"x": 1})]
    {
        province.post(STAGES, body(members)).await.expect_problem(422, "validation_failed");
    }
    let made = province.post(STAGES, body(json!({}))).await;
    made.expect(201);
    let path = made.location();
    assert_eq!(province.patch_if(&path, &made, json!({"levels": 2})).await.fields(), ["/levels does_not_fit_kind"]);
    assert_eq!(province.patch_if(&path, &made, json!({"days": 2})).await.fields(), ["/days does_not_fit_kind"]);
    province.patch_if(&path, &made, json!({"code": "other"})).await.expect_problem(422, "validation_failed");
    province.patch(&path, json!({"days": -3})).await.expect_problem(428, "precondition_required");
    province.delete(&path).await.expect_problem(428, "precondition_required");
    province.patch_if(&path, "\"7\"", json!({"days": -3})).await.expect_problem(412, "precondition_failed");
    province.delete_if(&path, "\"7\"").await.expect_problem(412, "precondition_failed");
    let district = app.district("Lục Yên").await;
    assert_eq!(district.get(&path).await.expect(200), &made.body);
    district.post(STAGES, body(json!({"code": "other"}))).await.expect_problem(403, "forbidden");
    district.patch_if(&path, &made, json!({"days": -3})).await.expect_problem(403, "forbidden");
    district.delete_if(&path, &made).await.expect_problem(403, "forbidden");
    for target in [STAGES, path.as_str(), LIST] {
        app.anonymous().get(target).await.expect_problem(401, "unauthenticated");
    }
    app.anonymous().post(STAGES, body(json!({}))).await.expect_problem(401, "unauthenticated");
    app.anonymous().patch_if(&path, "*", json!({"days": -3})).await.expect_problem(401, "unauthenticated");
    app.anonymous().delete_if(&path, "*").await.expect_problem(401, "unauthenticated");
    province.get(&format!("{STAGES}/{NOBODY}")).await.expect_problem(404, "not_found");
    province.patch_if(&format!("{STAGES}/{NOBODY}"), "*", json!({"days": -3})).await.expect_problem(404, "not_found");
    province.delete_if(&format!("{STAGES}/{NOBODY}"), "*").await.expect_problem(404, "not_found");
    // A campaign from above binds the province; its schedule is not the province's.
    let central = app.text("SELECT id FROM org_units WHERE kind = 'central_committee'").await;
    app.execute(&format!("UPDATE campaigns SET org_unit_id = '{central}'")).await;
    province.get(&path).await.expect(200);
    province.patch_if(&path, "*", json!({"days": -3})).await.expect_problem(404, "not_found");
    province.delete_if(&path, "*").await.expect_problem(404, "not_found");
    assert_eq!(province.post(STAGES, body(json!({"code": "other"}))).await.fields(), ["/campaign_id unknown_reference"]);
}

#[tokio::test]
async fn reminders_are_seen_as_far_as_ones_reach_goes_and_every_filter_narrows() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let (unit, issuer) =
        (app.org_unit_of_kind("district_committee", "Lục Yên").await, app.org_unit_of_kind("provincial_committee", "").await);
    let lucyen = obligation_of_district(&app, "Lục Yên").await;
    let duty = charge(&app, json!({"deadline": "2023-08-20T00:00:00+07:00"})).await;
    for day in ["16", "20", "21"] {
        sweep_at(&app, &format!("2023-08-{day}T08:00:00+07:00")).await;
    }
    let all = app.number("SELECT count(*) FROM reminders").await;
    let campaign = app.campaign_id().await;
    for (filter, condition) in [
        ("sort=sent_at".to_owned(), "true".to_owned()),
        (format!("campaign_id={campaign}"), "true".to_owned()),
        (format!("campaign_id={NOBODY}"), "false".to_owned()),
        (format!("org_unit_id={unit}"), format!("org_unit_id = '{unit}'")),
        (format!("under_org_unit_id={unit}"), format!("org_unit_id = '{unit}'")),
        (format!("to_org_unit_id={issuer}"), format!("to_org_unit_id = '{issuer}'")),
        (format!("obligation_id={lucyen}"), format!("obligation_id = '{lucyen}'")),
        (format!("duty_id={}", duty.id()), format!("duty_id = '{}'", duty.id())),
        ("subject=report".to_owned(), "subject = 'report'".to_owned()),
        ("subject=duty".to_owned(), "subject = 'duty'".to_owned()),
        ("kind=escalated".to_owned(), "kind = 'escalated'".to_owned()),
        ("sent_from=2023-08-20T01:00:00Z".to_owned(), "sent_at >= '2023-08-20T01:00Z'".to_owned()),
        ("sent_before=2023-08-20T01:00:00Z".to_owned(), "sent_at < '2023-08-20T01:00Z'".to_owned()),
    ] {
        let list = province.get(&format!("{LIST}?limit=1&with_total=true&{filter}")).await;
        let counted = app.number(&format!("SELECT count(*) FROM reminders WHERE {condition}")).await;
        assert_eq!(list.expect(200)["total"], counted, "{filter}");
        assert!(counted > 0 && counted < all || condition == "true" || condition == "false", "{filter} narrows nothing");
    }
    for sort in ["sent_at", "-sent_at", "due_before", "-due_before"] {
        let (mut seen, mut path) = (std::collections::BTreeSet::new(), format!("{LIST}?sort={sort}&limit=7"));
        loop {
            let page = province.get(&path).await;
            for one in page.items() {
                assert!(seen.insert(one["id"].as_str().unwrap().to_owned()), "{sort}: every item once");
            }
            let Some(cursor) = page.body["next_cursor"].as_str() else { break };
            path = format!("{LIST}?sort={sort}&limit=7&cursor={cursor}");
        }
        assert_eq!(i64::try_from(seen.len()).unwrap(), all, "{sort}");
    }
    let (own, elsewhere) = (app.district("Lục Yên").await, app.district("Văn Yên").await);
    let mine = sent(&own, "with_total=true").await;
    assert_eq!(
        i64::try_from(mine.len()).unwrap(),
        app.number(&format!("SELECT count(*) FROM reminders WHERE org_unit_id = '{unit}'")).await
    );
    assert!(mine.iter().any(|(_, level, to)| *level == 2 && *to == issuer), "who owes sees that it went above");
    let one = format!("{LIST}/{}", app.text(&format!("SELECT id FROM reminders WHERE obligation_id = '{lucyen}' LIMIT 1")).await);
    let of_obligation = format!("{OBLIGATIONS}/{lucyen}/reminders");
    for path in [&one, &of_obligation] {
        own.get(path).await.expect(200);
        elsewhere.get(path).await.expect_problem(404, "not_found");
        app.anonymous().get(path).await.expect_problem(401, "unauthenticated");
        for role in [Role::CheckinOperator, Role::OperationsCentre, Role::PortalClient] {
            app.sign_in(role).await.get(path).await.expect_problem(403, "forbidden");
        }
        app.sign_in(Role::Auditor).await.get(path).await.expect(200);
    }
    province.get(&format!("{LIST}/{NOBODY}")).await.expect_problem(404, "not_found");
    province.get(&format!("{OBLIGATIONS}/{NOBODY}/reminders")).await.expect_problem(404, "not_found");
    province.get(&format!("{LIST}?kind=never")).await.expect(400);
}

#[tokio::test]
async fn the_timer_goes_by_the_domains_clock_and_goes_on_after_a_failure() {
    let app = TestApp::start().await;
    let (obligation, _) = commune_alone(&app).await;
    let (url, clock) = (app.database_url.clone(), app.clock.clone());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    app.execute("ALTER TABLE reminders RENAME TO reminders_away").await;
    app.set_now("2023-08-12T08:00:00+07:00");
    let service = std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let timer = ngayhoi::reminders::timer::start(url, clock, Mailing::Off, Duration::from_millis(50));
            let _ = stopped.await;
            timer.abort();
        });
    });
    tokio::time::sleep(Duration::from_millis(500)).await;
    app.execute("ALTER TABLE reminders_away RENAME TO reminders").await;
    let reached = async |count: i64| {
        for _ in 0..100 {
            if app.number("SELECT count(*) FROM reminders").await == count {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{count} reminders do not come");
    };
    reached(1).await;
    app.set_now("2023-08-21T08:00:00+07:00");
    reached(2).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(app.number("SELECT count(*) FROM reminders").await, 2);
    stop.send(()).unwrap();
    service.join().unwrap();
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    assert_eq!(codes(&province, &format!("obligation_id={obligation}")).await, ["report_due_in_7_days", "report_escalated"]);
}
