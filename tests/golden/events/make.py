"""Event files as PyPI's tensorboard (2.21.0) writes and reads them.

    python make.py              # writes events.tfevents from its own protocol buffers, reads it, writes events.json
    python make.py FOLDER       # prints what it reads from the event files in a folder: tags, steps, values; what
                                # training.lua wrote is kept as training.json

A test compares our writer's bytes with events.tfevents.
"""

import json
import sys

import tensorboard
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.summary.writer.record_writer import RecordWriter


def read(path):
    """Tags with their (step, value) in order, histograms with all that stands in them."""
    events = EventAccumulator(path)
    events.Reload()
    tags = events.Tags()
    scalars = {tag: [[e.step, e.value] for e in events.Scalars(tag)] for tag in tags["scalars"]}
    histograms = {tag: [[e.step, vars(e.histogram_value)] for e in events.Histograms(tag)] for tag in tags["histograms"]}
    return {"scalars": scalars, "histograms": histograms}


def scalars(step, time, **numbers):
    values = [summary_pb2.Summary.Value(tag=tag.replace("__", "/"), simple_value=v) for tag, v in numbers.items()]
    return event_pb2.Event(wall_time=time, step=step, summary=summary_pb2.Summary(value=values))


def golden():
    yield event_pb2.Event(wall_time=1700000000.25, file_version="brain.Event:2")
    yield scalars(1, 1700000000.25, loss=2.5, valid_accuracy=0.1)
    yield scalars(300, 1700000001.5, step__loss=float("nan"), step__grad_norm=1e30)
    histogram = summary_pb2.HistogramProto(min=-1.5, max=2.5, num=4, sum=1.25, sum_squares=9.0,
                                           bucket_limit=[0.5, 2.5], bucket=[3, 1])
    value = summary_pb2.Summary.Value(tag="weights", histo=histogram)
    yield event_pb2.Event(wall_time=1700000002.0, step=2, summary=summary_pb2.Summary(value=[value]))
    start = event_pb2.SessionLog(status=event_pb2.SessionLog.START)
    yield event_pb2.Event(wall_time=1700000003.0, step=300, session_log=start)
    yield scalars(300, 1700000003.0, step__loss=0.75)


if len(sys.argv) > 1:
    print(json.dumps(read(sys.argv[1]), indent=1))
else:
    with open("events.tfevents", "wb") as file:
        records = RecordWriter(file)
        for one in golden():
            records.write(one.SerializeToString())
    found = {"made by": "make.py", "tensorboard": tensorboard.__version__, **read("events.tfevents")}
    json.dump(found, open("events.json", "w"), indent=1)
