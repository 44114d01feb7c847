"""How gunicorn serves the site: `gunicorn` reads this file in the folder that it is started in.

Pages are computed: more processes than cores answer no more of them, and one over keeps the cores busy while another
waits for the database. Two threads each let a slow download go on beside a page.
"""

import os

wsgi_app = "pace_site.config.wsgi"
bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", (os.cpu_count() or 1) + 1))
threads = int(os.environ.get("WEB_THREADS", 2))
# The program is read once, before the processes part: they share what it takes in memory.
preload_app = True
# Seconds: an export that is made at once may take ten.
timeout = 60
# It would let whoever is on this machine steer the server.
control_socket_disable = True
