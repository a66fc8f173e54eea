"""The fast lanes: what makes the router's fan-out quick and bounds what waits for a slow reader. They change no byte.

`docs/explanation/fast-lanes.md` says how and why. Everything private of Twisted, autobahn and Crossbar is touched in `inside` alone;
installed only on exactly the versions of `tested`.
"""
