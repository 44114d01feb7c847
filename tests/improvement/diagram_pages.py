"""Open and send the page on which a driver diagram is edited."""


def opened(client, diagram, node, **more):
    return client.get(diagram.get_absolute_url(), {"node": node, **more}).context["editor"]


def sent(client, diagram, what, node, **more):
    return client.post(diagram.get_absolute_url(), {"what": what, "node": node, **more})
