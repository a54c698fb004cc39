//! Plain SQL for checks, over connections of its own.

use serde_json::Value;
use tokio_postgres::{Client, Error, NoTls};

/// Opens a connection; it closes with its client.
pub async fn connect(url: &str) -> Result<Client, Error> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(async move {
        // How it ended is seen by whoever used it.
        let _ = connection.await;
    });
    Ok(client)
}

/// Runs statements.
pub async fn try_execute(url: &str, statements: &str) -> Result<(), Error> {
    connect(url).await?.batch_execute(statements).await
}

/// Runs statements that must succeed.
pub async fn execute(url: &str, statements: &str) {
    try_execute(url, statements).await.unwrap_or_else(|error| panic!("{statements}: {error:?}"));
}

/// The rows of a query, each as a JSON object.
pub async fn query(url: &str, query: &str) -> Vec<Value> {
    let client = connect(url).await.unwrap();
    let wrapped = format!("SELECT to_jsonb(row)::text FROM ({query}) row");
    let rows = client.query(&wrapped, &[]).await.unwrap_or_else(|error| panic!("{query}: {error:?}"));
    rows.iter().map(|row| serde_json::from_str(row.get::<_, &str>(0)).unwrap()).collect()
}
