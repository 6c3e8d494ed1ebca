"""From a table of reviews to an instruct model that is better than its base, or to a failed run.

Put this file into the folder of DAGs. Airflow 3 with apache-airflow-providers-apache-spark, and a spark-submit of Spark 3.5
on the workers' PATH; the connection `spark_default` names the cluster. Trigger it with the parameters below.

A run writes to OUTPUT_ROOT/<time of the run>, the same on every retry: a job that finished is up to date, one that was cut
off goes on. The gate compares on the validation split, so that the test split stays unseen by decisions.
"""

from __future__ import annotations

import json
from datetime import timedelta

from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
from airflow.sdk import DAG, ObjectStoragePath, Param, task
from airflow.sdk.exceptions import AirflowFailException

# No colon, which a run_id has, may stand in a path of Hadoop.
OUTPUT = "{{ params.output_root }}/{{ dag_run.run_after | ts_nodash }}"


def job(name: str, *settings: str, task_id: str | None = None) -> SparkSubmitOperator:
    """One job of the job jar, with settings as KEY=VALUE besides those of the configuration."""
    arguments = ["--config", "{{ params.config }}"]
    for setting in (f"output={OUTPUT}", *settings):
        arguments += ["--set", setting]
    return SparkSubmitOperator(
        task_id=task_id or name,
        conn_id="spark_default",
        name=f"sparktune {name}",
        application="{{ params.jar }}",
        java_class=f"dev.sparktune.jobs.{name.capitalize()}",
        properties_file="{{ params.properties_file or '' }}",
        application_args=arguments,
    )


def gain(metrics: dict, wanted_task: str, metric: str) -> dict:
    """The zero-shot entry of `metrics.delta` against the base, for a task and a metric."""
    deltas = [
        entry for entry in metrics["metrics"]["delta"] if entry["shots"] == 0 and entry["baseline"] == "base"
    ]
    for entry in deltas:
        if entry["task"] == wanted_task and entry["metric"] == metric:
            return entry
    known = sorted({f"{entry['task']} {entry['metric']}" for entry in deltas})
    raise AirflowFailException(f"nothing was measured for {wanted_task} {metric}; there is: {', '.join(known)}")


with DAG(
    dag_id="sparktune_pipeline",
    description="Reviews to an instruct model, let through only if it gained over its base",
    doc_md=__doc__,
    schedule=None,
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=1)},
    params={
        "jar": Param(
            "/opt/sparktune/sparktune-jobs_2.12.jar",
            type="string",
            description="The job jar, where the workers' spark-submit finds it.",
        ),
        "config": Param(
            "classpath:conf/amazon.yaml",
            type="string",
            description="YAML with the settings of every job: a path, any Hadoop URI, or one that the jar holds.",
        ),
        "output_root": Param(
            "/data/sparktune",
            type="string",
            description="Directory of all runs, on storage that the whole cluster shares: a path or any Hadoop URI.",
        ),
        "base": Param(
            "classpath:conf/tiny-base",
            type="string",
            description="Model that is tuned and compared with: a Hugging Face directory.",
        ),
        "properties_file": Param(
            None,
            type=["null", "string"],
            description="Spark properties, such as conf/spark.properties with more memory and spark.executor.cores.",
        ),
        "task": Param("rate", type="string", description="Task that the gate looks at."),
        "metric": Param("accuracy", type="string", description="Its metric, as metrics.json names it."),
        "margin": Param(
            0.0,
            type="number",
            description="The run fails unless the lower bound of the gain's 95 % interval is above this.",
        ),
    },
) as dag:
    validation = "evaluate.split=validation"
    prepare = job("prepare")
    evaluate_base = job(
        "evaluate", validation, "evaluate.name=base", "evaluate.model={{ params.base }}", task_id="evaluate_base"
    )
    finetune = job("finetune", "model.base={{ params.base }}")
    evaluate = job("evaluate", validation, "evaluate.baseline=base")

    @task(retries=0)
    def gate(output: str, wanted_task: str, metric: str, margin: str) -> float:
        """Lets a model through whose gain is beyond doubt; nothing is tried again, for the figures stay."""
        with ObjectStoragePath(f"{output}/evaluate/instruct/metrics.json").open() as file:
            entry = gain(json.load(file), wanted_task, metric)
        said = (
            f"{wanted_task} {metric}: {entry['value']:+.3f} over {entry['baseline']}"
            f" ({entry['low']:+.3f} to {entry['high']:+.3f}, {entry['n']} examples)"
        )
        if not entry["low"] > float(margin):
            raise AirflowFailException(f"{said}: the lower bound is not above the margin of {margin}")
        print(said)
        return entry["low"]

    passed = gate(OUTPUT, "{{ params.task }}", "{{ params.metric }}", "{{ params.margin }}")
    prepare >> evaluate_base >> finetune >> evaluate >> passed
