"""What pandas, DuckDB and Hugging Face's datasets read of a directory of Parquet files, as JSON: reader to rows.

Run: python read_answers.py DIRECTORY
"""

import json
import math
import sys
import tempfile

import datasets
import duckdb
import pandas


def plain(value):
    """Lists for arrays, None for what pandas has for a missing number."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    return None if isinstance(value, float) and math.isnan(value) else value


def by_pandas(directory):
    return pandas.read_parquet(directory).to_dict("records")


def by_duckdb(directory):
    cursor = duckdb.sql(f"select * from read_parquet('{directory}/*.parquet')")
    return [dict(zip(cursor.columns, row)) for row in cursor.fetchall()]


def by_datasets(directory):
    with tempfile.TemporaryDirectory() as cache:
        return list(datasets.load_dataset(directory, cache_dir=cache)["train"])


def main():
    read = {
        reader.__name__: [{name: plain(value) for name, value in row.items()} for row in reader(sys.argv[1])]
        for reader in (by_pandas, by_duckdb, by_datasets)
    }
    print(json.dumps(read))


if __name__ == "__main__":
    main()
