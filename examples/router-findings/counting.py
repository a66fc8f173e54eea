"""A component for `log_arguments.py`: counts how often Crossbar and autobahn colour a text for their logs."""

import autobahn.twisted.websocket
import autobahn.wamp.websocket
import crossbar.router.broker
import crossbar.router.router
from autobahn.twisted.wamp import ApplicationSession

MODULES = (
    autobahn.twisted.websocket,
    autobahn.wamp.websocket,
    autobahn.websocket.protocol,
    crossbar.router.broker,
    crossbar.router.router,
)


class Counting(ApplicationSession):
    """Answers `coloured`: how often."""

    async def onJoin(self, details):
        self.count = 0
        for module in MODULES:
            for name in ("hltype", "hlid", "hlval", "hlflag"):
                if name in vars(module):
                    setattr(module, name, self.counted(vars(module)[name]))
        await self.register(lambda: self.count, "coloured")

    def counted(self, function):
        """`function`, counting its calls."""

        def call(*arguments, **options):
            self.count += 1
            return function(*arguments, **options)

        return call
