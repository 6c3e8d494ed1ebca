"""What pandas, DuckDB and Hugging Face's datasets read of a prepared data set, as JSON.

Each reader and split: number of rows, and SHA-256 over all texts, so that a changed byte shows.
Run: python read_prepared.py DATA_DIRECTORY
"""

import hashlib
import json
import pathlib
import sys
import tempfile

import datasets
import duckdb
import pandas

COLUMNS = ["id", "stratum", "source", "task", "template_id", "template_hash", "prompt", "completion", "target_label"]


def digest(rows):
    """Rows as dicts, in the reader's order."""
    sha = hashlib.sha256()
    count = 0
    for row in rows:
        choices = row["answer_choices"]
        values = [row[column] for column in COLUMNS]
        values.append(None if choices is None else "\x1e".join(choices))
        sha.update("\x1f".join("\x00" if value is None else value for value in values).encode() + b"\n")
        count += 1
    return {"rows": count, "sha256": sha.hexdigest()}


def by_pandas(directory):
    return pandas.read_parquet(directory).to_dict("records")


def by_duckdb(directory):
    cursor = duckdb.sql(f"select * from read_parquet('{directory}/*.parquet')")
    for row in cursor.fetchall():
        yield dict(zip(cursor.columns, row))


def main():
    root = pathlib.Path(sys.argv[1])
    parts = root / "prompt_completion"
    read = {
        reader.__name__: {split.name: digest(reader(split)) for split in sorted(parts.iterdir())}
        for reader in (by_pandas, by_duckdb)
    }
    with tempfile.TemporaryDirectory() as cache:
        for name, path in ("datasets_by_card", root), ("datasets_by_directories", parts):
            loaded = datasets.load_dataset(str(path), cache_dir=f"{cache}/{name}")
            read[name] = {split: digest(rows) for split, rows in sorted(loaded.items())}
            if name == "datasets_by_card":
                read["features"] = {column: str(kind) for column, kind in loaded["train"].features.items()}
    read["quarantine"] = duckdb.sql(
        f"select reason, count(*) from read_parquet('{root}/__quarantine/*.parquet') group by 1 order by 1"
    ).fetchall()
    print(json.dumps(read))


if __name__ == "__main__":
    main()
