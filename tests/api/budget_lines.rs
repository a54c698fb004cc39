//! Budget lines: what was spent is the sum of spendings that never change.

use super::ledgers::row;
use super::support::*;

#[tokio::test]
async fn what_was_spent_is_the_sum_of_its_spendings() {
    let app = TestApp::start().await;
    app.set_now("2023-07-03T08:00:00+07:00");
    let district = app.district("Lục Yên").await;
    let made = district.post("/api/v1/budget-lines", row(&app, "budget-lines", json!({})).await).await;
    assert_eq!((&made.expect(201)["spent_vnd"], &made.body["remaining_vnd"]), (&json!(0), &json!(50_000_000)));
    let spend = format!("{}/spend", made.location());
    let money = |amount: i64, day: &str| json!({"spent_on": day, "amount_vnd": amount, "note": "Thuê âm thanh"});
    let first = district.post_if(&spend, &made, money(60_000_000, "2023-07-01")).await;
    assert_eq!((&first.expect(200)["spent_vnd"], &first.body["remaining_vnd"]), (&json!(60_000_000), &json!(-10_000_000)));
    district.post_if(&spend, &made, money(1, "2023-07-01")).await.expect_problem(412, "precondition_failed");
    assert_eq!(district.get("/api/v1/budget-lines?is_overspent=true").await.items().len(), 1);
    let second = district.post_if(&spend, &first, money(-20_000_000, "2023-07-02")).await;
    assert_eq!(second.expect(200)["spent_vnd"], 40_000_000);
    assert!(district.get("/api/v1/budget-lines?is_overspent=true").await.items().is_empty());
    assert_eq!(district.get("/api/v1/budget-lines?is_overspent=false&source=yearly_estimate").await.items().len(), 1);
    assert_eq!(district.post_if(&spend, &second, money(-40_000_001, "2023-07-02")).await.fields(), ["/amount_vnd below_zero"]);
    assert_eq!(district.post_if(&spend, &second, money(0, "2023-07-02")).await.fields(), ["/amount_vnd zero"]);
    assert_eq!(district.post_if(&spend, &second, money(1, "2023-07-04")).await.fields(), ["/spent_on in_future"]);
    let list = district.get(&format!("{}/spendings?sort=-spent_on&with_total=true", made.location())).await;
    let amounts: Vec<i64> = list.items().iter().map(|one| one["amount_vnd"].as_i64().unwrap()).collect();
    assert_eq!((amounts.as_slice(), &list.body["total"]), (&[-20_000_000, 60_000_000][..], &json!(2)));
    district.delete_if(&made.location(), &second).await.expect_problem(409, "in_use");
    let other = app.district("Văn Yên").await;
    other.post_if(&spend, &second, money(1, "2023-07-01")).await.expect_problem(404, "not_found");
    other.get(&format!("{}/spendings", made.location())).await.expect_problem(404, "not_found");
    app.sign_in(Role::Auditor).await.post_if(&spend, &second, money(1, "2023-07-01")).await.expect_problem(403, "forbidden");
    assert_eq!(app.number("SELECT sum(amount_vnd) - (SELECT sum(spent_vnd) FROM budget_lines) FROM budget_spendings").await, 0);
}

#[tokio::test]
async fn two_spendings_at_once_are_both_counted_or_one_is_told_to_read_again() {
    let app = TestApp::start_wide().await;
    app.set_now("2023-07-03T08:00:00+07:00");
    let district = app.district("Lục Yên").await;
    let made = district.post("/api/v1/budget-lines", row(&app, "budget-lines", json!({})).await).await;
    let spend = format!("{}/spend", made.location());
    let one = || district.post_if(&spend, &made, json!({"spent_on": "2023-07-01", "amount_vnd": 5, "note": "x"}));
    let (first, second) = tokio::join!(one(), one());
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
    assert_eq!(app.number("SELECT spent_vnd FROM budget_lines").await, 5);
    assert_eq!(app.number("SELECT sum(amount_vnd) FROM budget_spendings").await, 5);
}
