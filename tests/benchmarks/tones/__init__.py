"""Our own eye for tones: drawing its lessons, training it, and scoring it on faces and pages it never saw.

The network in `edge_node/recognition/tone_net.onnx` is trained here and nowhere else, on words that are drawn for it; `RECORD.md` beside this
file says from which faces, how long, and how well it does. To make it again, in an environment of its own with the project's packages and
`torch` 2.13, `onnx` 1.23 besides (neither belongs to any lock of the project; both are imported by `train.py` alone, when it runs):

    python -m tests.benchmarks.tones draw --fonts DIR --seed 1 --count 30000 --out lessons-1.npz     (and so on, one seed a file)
    python -m tests.benchmarks.tones draw --fonts DIR --seed 99 --count 6000 --held-out --out held.npz
    python -m tests.benchmarks.tones train --lessons lessons-*.npz --minutes 25 --out tone_net.onnx
    python -m tests.benchmarks.tones score --net tone_net.onnx --words held.npz
"""
